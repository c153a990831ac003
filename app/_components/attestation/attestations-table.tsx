import { Link } from '../ui/link';
import type { Attestation, AttestationSort } from '@/lib/schemas/attestations';
import { formatCount } from '../format/number';
import { RowLink } from '../list/row-link';
import { SortHead } from '../list/sort-head';
import { Time } from '../time/time';
import { Hash } from '../ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '../ui/table';
import { SealSolid } from '../verdict/icons';
import { VerdictMark } from '../verdict/verdict-mark';
import { scopeWords } from './scope';

export function AttestationsTable({
  attestations,
  sort,
  cursor = 'cursor',
}: {
  attestations: readonly Attestation[];
  sort: AttestationSort;
  /** Names the page of the list in the address. */
  cursor?: string;
}) {
  const head = { sort, cursor };
  return (
    <div className="card">
      <Table label="Attestations">
        <Head>
          <SortHead by="signed" isDownFirst {...head}>
            Signed
          </SortHead>
          <SortHead by="chain" {...head}>
            Chain
          </SortHead>
          <HeadCell>Covers</HeadCell>
          <SortHead by="verdict" {...head}>
            Verdict stated
          </SortHead>
          <SortHead by="records" numeric isDownFirst {...head}>
            Records
          </SortHead>
          <HeadCell>Signed by</HeadCell>
          <HeadCell>Bundle SHA-256</HeadCell>
        </Head>
        <Body>
          {attestations.map((attestation) => (
            <AttestationRow key={attestation.id} attestation={attestation} />
          ))}
        </Body>
      </Table>
    </div>
  );
}

function AttestationRow({ attestation }: { attestation: Attestation }) {
  return (
    <Row>
      <RowHead className="whitespace-nowrap">
        <RowLink
          href={`/attestations/${attestation.id}`}
          className="inline-flex min-h-6 items-center gap-1.5 font-medium"
        >
          <SealSolid size={15} className={attestation.withdrawn ? 'text-faint' : 'text-seal'} />
          <Time at={attestation.signedAt} as="second" />
        </RowLink>
      </RowHead>
      <Cell label="Chain" className="sm:max-w-72">
        {attestation.chainId ? (
          <Link href={`/chains/${attestation.chainId}`} className="link [overflow-wrap:anywhere]">
            {attestation.chain}
          </Link>
        ) : (
          'Several'
        )}
      </Cell>
      <Cell label="Covers" className="sm:max-w-64 [overflow-wrap:anywhere]">
        <div>
          {scopeWords(attestation.scope)}
          <Standing attestation={attestation} />
        </div>
      </Cell>
      <Cell label="Verdict stated">
        <VerdictMark verdict={attestation.verdict} damaged={attestation.damaged} />
      </Cell>
      <Cell label="Records" numeric>
        {formatCount(attestation.records)}
      </Cell>
      <Cell label="Signed by" className="sm:max-w-56 [overflow-wrap:anywhere]">
        {attestation.keyHint ? <Hash value={attestation.keyHint} /> : (attestation.signedBy ?? attestation.signer)}
      </Cell>
      <Cell label="Bundle SHA-256">
        <Hash value={attestation.bundleSha256} />
      </Cell>
    </Row>
  );
}

function Standing({ attestation: { withdrawn, supersededBy } }: { attestation: Attestation }) {
  if (withdrawn) return <span className="ml-2 text-xs text-v-tampered">withdrawn</span>;
  return supersededBy ? <span className="ml-2 text-xs text-faint">replaced</span> : null;
}
