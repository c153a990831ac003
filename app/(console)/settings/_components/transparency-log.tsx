import { Published } from '@/app/_components/access/published';
import { formatCount } from '@/app/_components/format/number';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { CopyButton, Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, Row, Table } from '@/app/_components/ui/table';
import type { LogState } from '@/lib/schemas/transparency';

/** The public log of everything signed here, and who cosigns it. */
export function TransparencyLog({
  log,
  asked,
}: {
  log: LogState;
  /** The order of the witnesses the address asks for. */
  asked: string | undefined;
}) {
  const { entries, published, publishedAt, verifierKey, witnesses } = log;
  return (
    <Card title="Transparency log" flush>
      <div className="space-y-2 px-4 py-3">
        <p>
          {publishedAt === null ? (
            'Nothing is signed yet. From the first attestation on, every signed statement is entered in a log that anyone can read and that nobody can rewrite without it being noticed.'
          ) : (
            <>
              {formatCount(published)} {published === 1 ? 'entry is' : 'entries are'} under the{' '}
              <Published path="/tlog/checkpoint" className="link">
                signed head
              </Published>{' '}
              of <Time at={publishedAt} as="second" />
              {entries > published
                ? `; ${formatCount(entries - published)} ${entries - published === 1 ? 'waits' : 'wait'} for the next.`
                : '.'}
            </>
          )}
        </p>
        {verifierKey && (
          <div className="flex flex-wrap items-start justify-between gap-2 text-xs text-faint">
            <p className="flex min-w-0 flex-1 basis-80 items-start gap-2">
              <span className="pt-1.5 whitespace-nowrap">Verifier key</span>
              <Hash value={verifierKey} whole className="text-muted" />
            </p>
            <CopyButton value={verifierKey} label="Copy key" />
          </div>
        )}
      </div>
      {witnesses.length === 0 ? (
        <p className="border-t px-4 py-3 text-muted">
          No witness cosigns it. Set <code className="font-mono text-xs">SEALTRAIL_WITNESSES</code> so that everyone is
          shown the same log.
        </p>
      ) : (
        <div className="border-t">
          <Witnesses witnesses={witnesses} published={published} sort={sortOf(asked, COLUMNS, 'witness')} />
        </div>
      )}
    </Card>
  );
}

const COLUMNS = ['witness', 'cosigned', 'last'] as const;
type WitnessColumn = (typeof COLUMNS)[number];
const VALUES: Record<WitnessColumn, (witness: LogState['witnesses'][number]) => string | number | null> = {
  witness: ({ name }) => name,
  cosigned: ({ size }) => size,
  last: ({ cosignedAt }) => cosignedAt,
};

type WitnessProps = { witness: LogState['witnesses'][number]; published: number };

function Witnesses({
  witnesses,
  published,
  sort,
}: Pick<LogState, 'witnesses' | 'published'> & { sort: WitnessColumn | `-${WitnessColumn}` }) {
  const order = { sort, param: 'witnesses' };
  return (
    <Table label="Witnesses">
      <Head>
        <SortHead by="witness" {...order}>
          Witness
        </SortHead>
        <SortHead by="cosigned" {...order} numeric isDownFirst>
          Cosigned
        </SortHead>
        <SortHead by="last" {...order} isDownFirst>
          Last
        </SortHead>
        <HeadCell>State</HeadCell>
      </Head>
      <Body>
        {sorted(witnesses, sort, VALUES).map((witness) => (
          <WitnessRow key={`${witness.name} ${witness.url}`} witness={witness} published={published} />
        ))}
      </Body>
    </Table>
  );
}

function WitnessRow({ witness, published }: WitnessProps) {
  return (
    <Row>
      <Cell label="Witness" title={witness.url}>
        {witness.name}
      </Cell>
      <Cell label="Cosigned" numeric>
        {formatCount(witness.size)}
      </Cell>
      <Cell label="Last">{witness.cosignedAt ? <Time at={witness.cosignedAt} as="second" /> : 'never'}</Cell>
      <Cell label="State" className="[overflow-wrap:anywhere]">
        <WitnessState witness={witness} published={published} />
      </Cell>
    </Row>
  );
}

function WitnessState({ witness: { failure, nextTryAt, size }, published }: WitnessProps) {
  if (failure) {
    return (
      <>
        {failure}
        {nextTryAt && (
          <span className="text-muted">
            ; asked again at <Time at={nextTryAt} as="second" />
          </span>
        )}
      </>
    );
  }
  return size >= published ? 'has seen all of it' : 'is being asked';
}
