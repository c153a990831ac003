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
/** A piece of a chain, by the bytes of the chain that it begins at, with its records of the period: those that a run names, and those there are. */
export type CountedPiece = {
  chainId: string;
  chain: string;
  sha256: string;
  fromByte: number;
  expected: number;
  found: number;
};
/** What of a run says which records it is of. */
export type RecordsNamed = Pick<RunRecord, 'chains' | 'period' | 'definition'> & {
  files: readonly Pick<RunRecord['files'][number], 'path' | 'sha256' | 'sizeBytes'>[];
};

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
  run: RecordsNamed & {
    /** Each record has its line, without the newline, as `line` in base64. */ withLines?: boolean;
  },
  tell: { bytes(read: number): void; chain(name: string): void; counted(piece: CountedPiece): void },
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
      const { sha256, before, inPeriod: expected } = piece;
      tell.counted({ chainId: chain.id, chain: chain.name, sha256, fromByte: before.bytes, expected, found });
    }
  }
}

function piecesOf(chain: RestingChain, run: RecordsNamed): Piece[] {
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
  run: Pick<RunRecord, 'period' | 'definition'> & { withLines?: boolean },
  unhashed: ProblemCode,
  onBytes: (read: number) => void,
): AsyncGenerator<DerivedRecord[]> {
  const { period } = run;
  const [from, to] = [lakeInstant(period.from), lakeInstant(period.to)];
  const agents: readonly string[] = run.definition?.scope.agents ?? [];
  const integrity = piece.inPeriod > 0 ? await problemsIn(ctx, chain, piece) : new Map<number, ProblemCode>();
  let batch: DerivedRecord[] = [];
  const { segment, before } = piece;
  const lines = run.withLines ? heldLines(before.bytes) : null;
  const reader = createRowReader(
    { chainId: chain.id, format: chain.format, segment, before, integrity, unhashed },
    ctx.hasher,
    (row) => {
      const fields = named(row);
      const at = String(fields['recorded_at']);
      const line = lines?.take(Number(fields['byte_offset']), Number(fields['byte_length']));
      if (isUnknownTime(at) || at < from || at >= to) return;
      if (agents.length > 0 && !agents.includes(String(fields['agent']))) return;
      batch.push({
        ...fields,
        recorded_at: instantText(at),
        chain_id: chain.id,
        ordinal: row.ordinal,
        chain: chain.name,
        segment_sha256: segment.digest,
        ...(line && { line: line.toString('base64') }),
      });
    },
  );
  for await (const chunk of await ctx.evidence.read(piece.sha256, { sizeBytes: piece.sizeBytes })) {
    lines?.push(chunk);
    reader.push(chunk);
    lines?.drop();
    onBytes(chunk.length);
    yield batch;
    batch = [];
  }
  reader.end();
  yield batch;
}

/** The bytes that records are still to be taken from, from a place in the chain on. */
function heldLines(from: number) {
  let held: Buffer = Buffer.alloc(0);
  let [heldFrom, taken] = [from, from];
  return {
    push(chunk: Uint8Array): void {
      held = Buffer.concat([held, chunk]);
    },
    /** Records come in the order of their bytes. */
    take(offset: number, length: number): Buffer {
      taken = offset + length;
      return held.subarray(offset - heldFrom, taken - heldFrom);
    },
    /** Lets go of what was taken. */
    drop(): void {
      held = Buffer.from(held.subarray(taken - heldFrom));
      heldFrom = taken;
    },
  };
}
