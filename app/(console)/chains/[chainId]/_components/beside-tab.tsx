import { CircleCheck, CircleDashed, Download, FileSignature, OctagonX } from 'lucide-react';
import { formatBytes } from '@/app/_components/format/bytes';
import { Time } from '@/app/_components/time/time';
import { Empty } from '@/app/_components/ui/empty';
import { ExportCsv } from '@/app/_components/ui/export-csv';
import { Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { SIDECAR_ACTION, SIDECAR_FILES, SIDECAR_LABEL } from '@/lib/schemas/formats';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { SidecarFact, Sidecar } from '@/lib/schemas/sidecars';
import { AddSidecarButton } from './add-sidecar-button';
import { SetAsideButton } from './set-aside-button';

/** What lies beside the log and the signatures in it, each with what it proves or disproves. */
export function BesideTab({ chain, sidecars }: { chain: ChainDetail; sidecars: readonly Sidecar[] }) {
  const signatures = chain.artefacts.find(({ kind }) => kind === 'signatures');
  const add = <AddSidecarButton chainId={chain.id} action={SIDECAR_ACTION[chain.format]} labels={SIDECAR_LABEL} />;
  if (sidecars.length === 0 && !signatures) {
    return (
      <div className="card">
        <Empty icon={<FileSignature size={20} />} title="Nothing beside this log yet" actions={add}>
          A log alone cannot show that its end was cut off before it came here. What its tool keeps beside it can:{' '}
          {SIDECAR_FILES[chain.format]}.
        </Empty>
      </div>
    );
  }
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3 text-xs text-muted">
        <p>Files the tool keeps beside its log. What they disprove counts in the verdict.</p>
        <div className="flex flex-wrap items-center justify-end gap-2">
          {add}
          <ExportCsv href={`/api/v1/chains/${chain.id}/tables/sidecars.csv`} rows={sidecars.length} />
        </div>
      </div>
      {signatures && (
        <p className="card mb-3 px-4 py-3 [overflow-wrap:anywhere]">
          <Holds fact={signatures} /> {signatures.message}
          {signatures.file && <span className="text-muted"> Keys: {signatures.file}.</span>}
        </p>
      )}
      {sidecars.length > 0 && (
        <div className="card">
          <Table label="Files beside the log">
            <Head>
              <HeadCell>File</HeadCell>
              <HeadCell>What it comes to</HeadCell>
              <HeadCell>SHA-256</HeadCell>
              <HeadCell>Received</HeadCell>
              <HeadCell>
                <span className="sr-only">Actions</span>
              </HeadCell>
            </Head>
            <Body>
              {sidecars.map((sidecar) => (
                <Row key={sidecar.id}>
                  <RowHead className="py-2 align-top">
                    <span className="font-medium [overflow-wrap:anywhere]">{sidecar.fileName}</span>
                    <span className="block text-xs text-muted">
                      {SIDECAR_LABEL[sidecar.kind]}, {formatBytes(sidecar.bytes)}
                    </span>
                  </RowHead>
                  <Cell label="What it comes to" className="py-2 align-top">
                    <Outcome chain={chain} sidecar={sidecar} />
                  </Cell>
                  <Cell label="SHA-256" className="py-2 align-top">
                    <Hash value={sidecar.sha256} />
                  </Cell>
                  <Cell label="Received" className="py-2 align-top text-muted">
                    <span className="whitespace-nowrap">
                      <Time at={sidecar.receivedAt} />
                    </span>
                    <span className="block text-xs [overflow-wrap:anywhere]">
                      from {sidecar.receivedBy}
                      {sidecar.archiveSha256 && ', in an archive'}
                    </span>
                  </Cell>
                  <Cell numeric className="py-2 align-top whitespace-nowrap">
                    <SetAsideButton chainId={chain.id} sidecar={sidecar} />
                    <a
                      href={`/api/v1/chains/${chain.id}/sidecars/${sidecar.id}`}
                      download
                      aria-label={`Download ${sidecar.fileName}`}
                      className="inline-grid size-7 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
                    >
                      <Download size={15} aria-hidden />
                    </a>
                  </Cell>
                </Row>
              ))}
            </Body>
          </Table>
        </div>
      )}
    </>
  );
}

function Outcome({ chain, sidecar: { fact, setAside } }: { chain: ChainDetail; sidecar: Sidecar }) {
  if (setAside) {
    return (
      <span className="inline-block text-left text-muted [overflow-wrap:anywhere]">
        Set aside by {setAside.by}, <Time at={setAside.at} />. It does not count.
      </span>
    );
  }
  if (!fact)
    return (
      <span className="text-muted">
        {chain.verdict === 'pending' ? 'Being judged.' : 'A newer one took its place.'}
      </span>
    );
  return (
    <span className="inline-block max-w-[80ch] text-left [overflow-wrap:anywhere]">
      <Holds fact={fact} /> {fact.message}
    </span>
  );
}

const LOOK = {
  true: { word: 'Holds', icon: CircleCheck, tone: 'var(--color-v-verified)' },
  false: { word: 'Does not hold', icon: OctagonX, tone: 'var(--color-v-tampered)' },
  null: { word: 'Proves nothing', icon: CircleDashed, tone: 'var(--color-muted)' },
} as const;

function Holds({ fact: { holds } }: { fact: SidecarFact }) {
  const { word, icon: Icon, tone } = LOOK[`${holds}`];
  return (
    <span
      className="inline-flex items-center gap-1.5 align-bottom font-medium whitespace-nowrap"
      style={{ color: tone }}
    >
      <Icon size={15} aria-hidden /> {word}.
    </span>
  );
}
