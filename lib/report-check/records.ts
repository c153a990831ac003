import 'server-only';
import type { Context } from '../context';
import type { ProblemCode } from '../core/chain/problem';
import { formatById } from '../core/formats';
import type { RestingChain, RunRecord } from '../schemas/report-runs';
import { named } from '../lake/event-row';
import { OPEN_SEGMENT } from '../lake/open-segment';
import { createRowReader } from '../lake/row-reader';
import { instantText, isUnknownTime, lakeInstant } from '../lake/time';
import { updateWorst } from '../lake/worst-by-record';
import { checkWhole } from '../verify/log/check-file';

/** A record of the period by the names of the lake's columns, as it stands in a table: with its chain, and its time as RFC 3339. */
export type DerivedRecord = Record<string, string | number | null> & {
  recorded_at: string;
  chain_id: string;
  ordinal: number;
};
/** A piece of a chain whose records of the period are not as many as `run.json` says. */
export type Miscounted = { chain: string; sha256: string; expected: number; found: number };

type Reader = Pick<Context, 'evidence' | 'hasher'>;
type Piece = {
  sha256: string;
  sizeBytes: number;
  /** What the lake has as its digest and place. */
  segment: { index: number; digest: string };
  before: { bytes: number; records: number; lines: number };
  inPeriod: number;
  isOpen: boolean;
};

/**
 * Every record of the period, and of the agents a definition names, that lies in the bytes a run names, chain by chain, made again from these alone, in batches.
 * @throws AppError EVIDENCE_MISSING, EVIDENCE_ALTERED.
 */
export async function* recordsOf(
  ctx: Reader,
  run: RunRecord,
  tell: { bytes(read: number): void; chain(name: string): void; miscounted(piece: Miscounted): void },
): AsyncGenerator<DerivedRecord[], void, undefined> {
  for (const chain of run.chains) {
    tell.chain(chain.name);
    // Said where segments meet alone, so of the run.
    const isUnchained = chain.problems.some(({ code }) => code === 'no-chain');
    for (const piece of piecesOf(chain, run)) {
      const unhashed = piece.isOpen || isUnchained ? 'no-chain' : 'legacy-prefix';
      let found = 0;
      for await (const batch of rowsOf(ctx, chain, piece, run, unhashed, tell.bytes)) {
        found += batch.length;
        yield batch;
      }
      if (found !== piece.inPeriod)
        tell.miscounted({ chain: chain.name, sha256: piece.sha256, expected: piece.inPeriod, found });
    }
  }
}

function piecesOf(chain: RestingChain, run: RunRecord): Piece[] {
  const closed = chain.segments.map(({ sha256, sizeBytes, byteOffset, firstRecord, firstLine, inPeriod }, index) => ({
    sha256,
    sizeBytes,
    segment: { index, digest: sha256 },
    before: { bytes: byteOffset, records: firstRecord, lines: firstLine },
    inPeriod,
    isOpen: false,
  }));
  const file = chain.open && run.files.find(({ path }) => path === chain.open?.file);
  if (!chain.open || !file) return closed;
  const { fromByte: bytes, firstRecord: records, inPeriod } = chain.open;
  const { sha256, sizeBytes } = file;
  return [
    ...closed,
    { sha256, sizeBytes, segment: OPEN_SEGMENT, before: { bytes, records, lines: 0 }, inPeriod, isOpen: true },
  ];
}

/** The worst problem at each record of a piece that has one, by its ordinal in the chain. */
async function problemsIn(
  { evidence, hasher }: Reader,
  { format, problems }: RestingChain,
  { sha256, sizeBytes, before }: Piece,
): Promise<Map<number, ProblemCode>> {
  const checked = await checkWhole(await evidence.read(sha256, { sizeBytes }), formatById(format), hasher);
  const worst = new Map<number, ProblemCode>();
  updateWorst(worst, problems);
  const own = checked.problems.map(({ record, code }) => ({ record: record + before.records, code }));
  updateWorst(worst, own);
  return worst;
}

async function* rowsOf(
  ctx: Reader,
  chain: RestingChain,
  piece: Piece,
  run: Pick<RunRecord, 'period' | 'definition'>,
  unhashed: ProblemCode,
  onBytes: (read: number) => void,
): AsyncGenerator<DerivedRecord[]> {
  const { period } = run;
  const [from, to] = [lakeInstant(period.from), lakeInstant(period.to)];
  const agents: readonly string[] = run.definition?.scope.agents ?? [];
  const integrity = piece.inPeriod > 0 ? await problemsIn(ctx, chain, piece) : new Map<number, ProblemCode>();
  let batch: DerivedRecord[] = [];
  const { segment, before } = piece;
  const reader = createRowReader(
    { chainId: chain.id, format: chain.format, segment, before, integrity, unhashed },
    ctx.hasher,
    (row) => {
      const fields = named(row);
      const at = String(fields['recorded_at']);
      if (isUnknownTime(at) || at < from || at >= to) return;
      if (agents.length > 0 && !agents.includes(String(fields['agent']))) return;
      batch.push({
        ...fields,
        recorded_at: instantText(at),
        chain_id: chain.id,
        ordinal: row.ordinal,
        chain: chain.name,
        segment_sha256: segment.digest,
      });
    },
  );
  for await (const chunk of await ctx.evidence.read(piece.sha256, { sizeBytes: piece.sizeBytes })) {
    reader.push(chunk);
    onBytes(chunk.length);
    yield batch;
    batch = [];
  }
  reader.end();
  yield batch;
}
