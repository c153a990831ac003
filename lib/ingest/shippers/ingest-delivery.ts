import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Actor } from '../../access/actor';
import { requireChainAllowed } from '../../access/chain-limit';
import { NEWLINE_BYTES } from '../../core/bytes/newline';
import { MAX_LINE_BYTES } from '../../core/bytes/limits';
import type { Context } from '../../context';
import type { FormatId } from '../../core/chain/format';
import { AppError, type ErrorCode } from '../../core/errors';
import { countReSerialised } from '../../db/re-serialising-shippers';
import type { AppendReceipt } from '../../schemas/appends';
import { ChainName } from '../../schemas/chains';
import { type ShipperId, reSerialisedMessage } from '../../schemas/re-serialising-shippers';
import { appendRecords } from '../append-records';
import { chainName } from '../chain-name';
import { isStrayLine } from './stray-line';
import { awaitBeginning } from './await-beginning';
import { type Entry, MAX_CHAINS, MAX_ENTRIES, type Shipper } from './delivery';

export type Delivery = { via: Shipper; entries: readonly Entry[]; format?: FormatId; actor: Actor };
/**
 * What became of one entry; an error is about it and the others of its chain, or, with `isStray`, about it alone: it is no record of a
 * guardrail, and a chain of records is not called corrupt for it. Nothing of it is kept, and the answer says so.
 */
export type Outcome = { receipt: AppendReceipt } | { error: unknown; isStray?: true };
export type DeliveryResult = {
  /** One an entry, in the order of the delivery. */
  outcomes: Outcome[];
  /** One a chain that took its lines. */
  receipts: AppendReceipt[];
  /** What the sender should know and change. */
  notes: { chain: string; message: string }[];
};

/** Shippers send at once what was written one after another: a delivery that overtook another waits this long for it before it is refused. */
const OVERTAKEN_MS = 2_000;
const OVERTAKEN_STEP_MS = 50;
/** Entries left out that are named by their place, from 1. */
const MOST_PLACES = 20;
/** Chains whose entries are named in one failure. */
const MAX_REPORTED = 5;
/** Sent again, these fail again. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set([
  'BAD_REQUEST',
  'CONFLICT',
  'FORBIDDEN',
  'NOT_FOUND',
  'TOO_LARGE',
  'UNKNOWN_FORMAT',
  'UNREADABLE_BODY',
  'UNSUPPORTED_MEDIA',
]);

/** Whether sending the same again is of no use. */
function isForGood(error: unknown): error is AppError {
  return error instanceof AppError && FOR_GOOD.has(error.code);
}

/**
 * Appends what a shipper sent, chain by chain, each in the order it came. Everything with a receipt is durable. A delivery that comes
 * again is told by its lines, so that a sender may repeat all of it when one chain could not take its part.
 * @throws AppError TOO_LARGE for more entries or chains than one delivery may hold.
 */
export async function ingestDelivery(ctx: Context, delivery: Delivery): Promise<DeliveryResult> {
  const { entries } = delivery;
  if (entries.length > MAX_ENTRIES)
    throw new AppError('TOO_LARGE', `a delivery is at most ${MAX_ENTRIES} entries`, { limit: MAX_ENTRIES });
  const outcomes: Outcome[] = Array.from(entries, (entry) => ({ error: refusal(entry) }));
  const chains = linesByChain(entries);
  if (chains.size > MAX_CHAINS)
    throw new AppError('TOO_LARGE', `a delivery is for at most ${MAX_CHAINS} chains`, { limit: MAX_CHAINS });

  const receipts: AppendReceipt[] = [];
  const notes: DeliveryResult['notes'] = [];
  await Promise.all(
    Array.from(chains, async ([chain, all]) => {
      const { lines, strays, error } = await withoutStrays(ctx, chain, all);
      for (const { index } of strays) outcomes[index] = { error, isStray: true };
      if (strays.length > 0) notes.push({ chain, message: error.message });
      if (lines.length === 0) return;
      const outcome = await append(ctx, delivery, chain, lines);
      for (const { index } of lines) outcomes[index] = outcome;
      if (!('receipt' in outcome)) return;
      receipts.push(outcome.receipt);
      for (const [shipper, count] of reSerialised(lines))
        notes.push({ chain: outcome.receipt.chain, message: reSerialisedMessage(shipper, count) });
    }),
  );
  for (const outcome of outcomes)
    if ('error' in outcome && outcome.error instanceof AppError) ctx.meter.refused(outcome.error.code);
  return { outcomes, receipts, notes };
}

/** A line of a delivery with its place there, from 0. */
type DeliveredLine = Extract<Entry, { line: Buffer }> & { index: number };

/** What can be a line of a chain, by the name of the chain. */
function linesByChain(entries: readonly Entry[]): Map<string, DeliveredLine[]> {
  const lines: DeliveredLine[] = [];
  for (const [index, entry] of entries.entries())
    if ('line' in entry && refusal(entry) === null) lines.push({ ...entry, index });
  return Map.groupBy(lines, ({ chain }) => ChainName.parse(chain));
}

/** Appends lines to their chain, once those they follow are there. */
async function append(
  ctx: Context,
  { via, format, actor }: Delivery,
  chain: string,
  lines: readonly DeliveredLine[],
): Promise<Outcome> {
  const bytes = Buffer.concat(lines.flatMap(({ line }) => [line, NEWLINE_BYTES]));
  const untilMs = performance.now() + OVERTAKEN_MS;
  for (;;) {
    try {
      const name = await chainName(ctx, chain);
      requireChainAllowed(actor, name);
      await awaitBeginning(ctx, { chain: name, bytes, format }, untilMs);
      const receipt = await appendRecords(
        ctx,
        { chain: name, format, bytes, precondition: { kind: 'lines' }, idempotency: null, actor },
        via,
      );
      for (const [shipper, count] of reSerialised(lines)) {
        // Of a delivery that came again only what is new counts.
        const records = Math.min(count, receipt.accepted);
        if (records > 0) await countReSerialised(ctx.db, { chainId: receipt.chainId, shipper, records, at: ctx.now() });
      }
      return { receipt };
    } catch (error) {
      const waits = error instanceof AppError && error.code === 'BUSY' && performance.now() < untilMs;
      if (!waits) return { error };
      await sleep(OVERTAKEN_STEP_MS);
    }
  }
}

/** Of a chain whose format is known, or that this delivery begins, what is no record of a guardrail is set apart. */
async function withoutStrays(
  ctx: Context,
  chain: string,
  all: readonly DeliveredLine[],
): Promise<{ lines: readonly DeliveredLine[]; strays: readonly DeliveredLine[]; error: AppError }> {
  const strays = new Set(all.filter(({ line }) => isStrayLine(line)));
  const isKnown = strays.size > 0 && (all.length > strays.size || (await isThere(ctx, chain)));
  const left = isKnown ? [...strays] : [];
  const places = left
    .slice(0, MOST_PLACES)
    .map(({ index }) => index + 1)
    .join(', ');
  const which =
    left.length === 1
      ? `entry ${places} of the delivery is`
      : `${left.length} entries of the delivery (${places}${left.length > MOST_PLACES ? ', …' : ''}) are`;
  const error = new AppError(
    'BAD_REQUEST',
    `${which} no record of a guardrail: left out, and not kept. Send only the audit log to this chain`,
    { entries: left.length },
  );
  return { lines: isKnown ? all.filter((line) => !strays.has(line)) : all, strays: left, error };
}

/** How many lines each shipper rewrote on the way. */
function reSerialised(lines: readonly DeliveredLine[]): Map<ShipperId, number> {
  const counts = new Map<ShipperId, number>();
  for (const { reSerialisedBy } of lines)
    if (reSerialisedBy) counts.set(reSerialisedBy, (counts.get(reSerialisedBy) ?? 0) + 1);
  return counts;
}

/** Why an entry can never be a line of a chain; null when it can. */
function refusal(entry: Entry): AppError | null {
  if ('refused' in entry) return new AppError('BAD_REQUEST', entry.refused);
  if (entry.line.length > MAX_LINE_BYTES)
    return new AppError('TOO_LARGE', `a line is at most ${MAX_LINE_BYTES} bytes`, { limitBytes: MAX_LINE_BYTES });
  const name = ChainName.safeParse(entry.chain);
  return name.success
    ? null
    : new AppError('BAD_REQUEST', `the chain's name ${name.error.issues[0]?.message ?? 'is not valid'}`);
}

async function isThere(ctx: Context, idOrName: string): Promise<boolean> {
  return (
    (await ctx.db
      .selectFrom('chains')
      .select('id')
      .where(z.uuid().safeParse(idOrName).success ? 'id' : 'name', '=', idOrName)
      .executeTakeFirst()) !== undefined
  );
}

/**
 * The failure to answer all of a delivery with, where the protocol has no answer for each entry; null when the rest can be told as taken. A
 * stray line is told in the notes then: senders repeat a refused batch for ever, or drop what came after it, and one line must not hold up
 * the log. A delivery of which nothing was taken holds up nothing, and its sender is told as the protocol tells of what can never be taken.
 */
export function failureOfWhole(result: DeliveryResult): { error: unknown } | null {
  const failure = failureToRetry(result) ?? result.outcomes.find((outcome) => 'error' in outcome && !outcome.isStray);
  if (failure && 'error' in failure) return failure;
  const nothingIngested = result.outcomes.length > 0 && result.outcomes.every((outcome) => 'error' in outcome);
  return nothingIngested
    ? {
        error: new AppError(
          'BAD_REQUEST',
          result.notes
            .slice(0, MAX_REPORTED)
            .map(({ message }) => message)
            .join('; '),
          { event: 0 },
        ),
      }
    : null;
}

/** The first failure that may pass, so that all of it is sent again. */
export function failureToRetry({ outcomes }: DeliveryResult): { error: unknown } | null {
  for (const outcome of outcomes) if ('error' in outcome && !isForGood(outcome.error)) return outcome;
  return null;
}
