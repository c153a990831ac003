import 'server-only';
import { actorKey } from '../../access/actor';
import * as audit from '../../audit/append';
import { endOfLine } from '../../core/bytes/newline';
import { RECOGNITION_BYTES } from '../../core/bytes/limits';
import { firstLines } from '../../core/bytes/first-lines';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { FORMATS, recogniseFormat } from '../../core/formats';
import { announceVerdicts } from '../../db/announce';
import { chainNamed } from '../../db/chains';
import type { Tx } from '../../db/database';
import { insertAll } from '../../db/insert-all';
import { type GrownTail, growingChains, lockFree, writeTails } from '../../db/tails';
import type { AppendReceipt } from '../../schemas/appends';
import { requireLog, requireSameFormat } from '../refusals';
import type { Outcome } from './append-queue';
import { type TailMemory, openTail } from './open-tail';
import type { AppendRequest } from './request';
import { type GrowingTail, ingestAppend } from './take';

const MAX_STORED_PROBLEMS = 10_000;

/** The answer to an append with a key, as it is kept. */
type KeyedReceipt = { chain_id: string; key: string; body_sha256: string; receipt: string; received_at: Date };

type Committed = { outcomes: (Outcome | null)[]; grown: (GrownTail & { pending: Buffer })[] };

/** Makes many appends durable in one transaction. An outcome is null for a chain that is locked elsewhere. */
export async function commit(ctx: Context, memory: TailMemory, requests: readonly AppendRequest[]): Promise<Committed> {
  return ctx.db.transaction().execute(async (tx) => {
    const free = await lockFree(tx, [...new Set(requests.map(({ chain }) => chain))].toSorted());
    const known = free.size > 0 ? await growingChains(tx, [...free]) : [];
    const versions = new Map(known.map(({ id, version }) => [id, version ?? 0]));
    const tails = new Map<string, GrowingTail>();
    const begun = new Set<string>();
    const keyed: KeyedReceipt[] = [];
    const now = ctx.now();

    async function take(request: AppendRequest): Promise<AppendReceipt> {
      const chain = known.find(({ name }) => name === request.chain);
      if (chain && request.format) requireSameFormat(chain, request.format);
      const tail =
        tails.get(request.chain) ?? (chain ? await openTail(ctx, tx, chain, memory) : await begin(ctx, tx, request));
      tails.set(request.chain, tail);
      if (!chain) begun.add(tail.chainId);
      const { idempotency } = request;
      const before = idempotency && (await repeated(tx, keyed, tail.chainId, idempotency));
      if (before) return before;
      const receipt = await ingestAppend(ctx, tail, request);
      if (idempotency)
        keyed.push({
          chain_id: tail.chainId,
          key: idempotency.key,
          body_sha256: idempotency.bodySha256,
          receipt: JSON.stringify(receipt),
          received_at: now,
        });
      return receipt;
    }

    const outcomes: (Outcome | null)[] = [];
    for (const request of requests) outcomes.push(free.has(request.chain) ? await attempt(() => take(request)) : null);

    const grown = [...tails.values()]
      .filter(({ pieces }) => pieces.length > 0)
      .map((tail) => grownTail(tail, (versions.get(tail.chainId) ?? 0) + 1));
    for (const { chainId } of grown) begun.delete(chainId);
    if (begun.size > 0)
      await tx
        .deleteFrom('chains')
        .where('id', 'in', [...begun])
        .execute(); // nothing was taken in: there is no such chain
    if (grown.length > 0) {
      await writeTails({ db: tx, seals: ctx.seals }, grown, now);
      await writeProblems(tx, [...tails.values()]);
      await announceVerdicts(tx, grown, now);
      await audit.appendAll(
        tx,
        [...tails.values()].flatMap(({ chainId, begunBy }) =>
          begunBy.map(({ actor, atByte }) => ({
            actor,
            action: 'chain.append' as const,
            subjectId: chainId,
            details: { atByte },
          })),
        ),
      );
    }
    if (keyed.length > 0) await tx.insertInto('append_keys').values(keyed).execute();
    return { outcomes, grown };
  });
}

/** What an append cannot do is its own answer; what the database cannot do is everybody's. */
async function attempt(take: () => Promise<AppendReceipt>): Promise<Outcome> {
  try {
    return { receipt: await take() };
  } catch (error) {
    if (error instanceof AppError) return { error };
    throw error;
  }
}

/** The first append to a chain makes it. @throws AppError UNKNOWN_FORMAT. */
async function begin(
  ctx: Context,
  tx: Tx,
  { chain: name, bytes, format: requested }: AppendRequest,
): Promise<GrowingTail> {
  requireLog(bytes);
  const format =
    requested ?? recogniseFormat(firstLines(bytes.subarray(0, RECOGNITION_BYTES), bytes.length <= RECOGNITION_BYTES));
  if (!format) {
    const names = FORMATS.map(({ label }) => label).join(', ');
    const why =
      endOfLine(bytes) === 0
        ? `the first append to a chain needs a whole line to recognise the format by, and these ${bytes.length} bytes hold no newline: send whole lines, or name the format with ?format= (${FORMATS.map(({ id }) => id).join(', ')})`
        : `the first lines look like none of the formats known here: ${names}. If it is one of them, say which with ?format=`;
    throw new AppError('UNKNOWN_FORMAT', why, { line: 1, byteOffset: 0 });
  }
  const { id } = await chainNamed(tx, name, format);
  const [chain] = await growingChains(tx, [name]);
  if (!chain) throw new Error(`chain ${id} was made just now`);
  return openTail(ctx, tx, chain, new Map());
}

/** The answer an append with this key had. @throws AppError KEY_REUSED. */
async function repeated(
  tx: Tx,
  keyed: readonly KeyedReceipt[],
  chainId: string,
  { key, bodySha256 }: { key: string; bodySha256: string },
): Promise<AppendReceipt | null> {
  const now = keyed.find((one) => one.chain_id === chainId && one.key === key);
  const before =
    now ??
    (await tx
      .selectFrom('append_keys')
      .selectAll()
      .where('chain_id', '=', chainId)
      .where('key', '=', key)
      .executeTakeFirst());
  if (!before) return null;
  if (before.body_sha256 !== bodySha256)
    throw new AppError('KEY_REUSED', 'this Idempotency-Key came with another body before', { key });
  return typeof before.receipt === 'string' ? (JSON.parse(before.receipt) as AppendReceipt) : before.receipt; // written by us a moment ago
}

/** A tail as it is written. */
function grownTail(tail: GrowingTail, version: number): GrownTail & { pending: Buffer } {
  const { state, appendedBy } = tail;
  return {
    chainId: tail.chainId,
    version,
    closed: tail.closed,
    sizeBytes: state.sizeBytes,
    completeBytes: state.completeBytes,
    check: state.check,
    pending: state.pending,
    openedAt: tail.openedAt,
    appendedBy: appendedBy && { name: appendedBy.name, key: actorKey(appendedBy) },
    appenders: tail.appenders,
    lagBytes: tail.lagBytes,
    isSealed: tail.isSealed,
    pieces: coalesced(tail.pieces),
    verdict: tail.verdict,
    problemCounts: tail.problemCounts,
  };
}

/** Pieces of one transaction as few rows; each at most 8 MiB, so that reading one back takes little memory. */
function coalesced(pieces: readonly { byteOffset: number; bytes: Buffer }[]): { byteOffset: number; bytes: Buffer }[] {
  const whole = pieces.length === 1 && pieces[0] ? pieces[0].bytes : Buffer.concat(pieces.map(({ bytes }) => bytes));
  const start = pieces[0]?.byteOffset ?? 0;
  const rows = [];
  for (let at = 0; at < whole.length; at += 8 * 1024 * 1024)
    rows.push({ byteOffset: start + at, bytes: whole.subarray(at, at + 8 * 1024 * 1024) });
  return rows;
}

async function writeProblems(tx: Tx, tails: readonly GrowingTail[]): Promise<void> {
  const rows = tails.flatMap(({ chainId, problems }) =>
    problems.slice(0, MAX_STORED_PROBLEMS).map(({ byteOffset, byteLength, ...problem }) => ({
      chain_id: chainId,
      ...problem,
      byte_offset: byteOffset,
      byte_length: byteLength,
    })),
  );
  await insertAll(tx, 'tail_problems', rows);
}
