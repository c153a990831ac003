import 'server-only';
import { buffer } from 'node:stream/consumers';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { leavePending } from '../db/activity-pending';
import { leaseEnd, underLease } from '../db/lease';
import type { DeliveryRow, DestinationRow } from '../db/notification-tables';
import type { Try } from '../schemas/notifications';
import { type Resolve, resolveHost } from './guard/guarded-post';
import { Message, messageOf } from './message';
import { askedWaitMs, destinationTryAt, nextTryAt } from './schedule';
import { unseal } from './sealed';
import { type Outcome, notSent } from './send/outcome';
import { sendHttp } from './send/send-http';
import { sendMail } from './send/send-mail';

/** Messages of one destination sent in one run; the next run goes on. */
const MOST_SENT = 200;
const MOST_TRIES_KEPT = 20;
/** What mail servers take as a rule, with a third more for its encoding. */
export const MOST_ATTACHED_BYTES = 7 * 2 ** 20;
const DAMAGE: ReadonlySet<string> = new Set(['EVIDENCE_MISSING', 'EVIDENCE_ALTERED']);
const UNREADABLE =
  'its address cannot be read with the SEALTRAIL_SECRET of this installation: make the destination again';

/**
 * Sends what is due to one destination, oldest first, one after another, until it does not work: then the rest waits, and other destinations do not. A
 * message that a worker ended at is sent again under the same id.
 */
export async function deliver(
  ctx: Context,
  { destinationId }: { destinationId: string },
  signal?: AbortSignal,
  resolve: Resolve = resolveHost,
): Promise<void> {
  for (let sent = 0; sent < MOST_SENT; sent += 1) {
    if (signal?.aborted) return;
    const destination = await ctx.db
      .selectFrom('notification_destinations')
      .selectAll()
      .where('id', '=', destinationId)
      .where('is_enabled', '=', true)
      .executeTakeFirst();
    if (!destination || (destination.next_try_at && destination.next_try_at > ctx.now())) return;
    const delivery = await takeDue(ctx, destinationId);
    if (!delivery) return;
    if (!(await attemptDelivery(ctx, destination, delivery, resolve))) return;
  }
}

/** The next that is due, for as long as a lease. */
async function takeDue(ctx: Context, destinationId: string): Promise<DeliveryRow | undefined> {
  return ctx.db
    .updateTable('notification_deliveries')
    .set({ next_try_at: leaseEnd(ctx) })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('notification_deliveries')
        .select('id')
        .where('destination_id', '=', destinationId)
        .where('state', '=', 'waiting')
        .where('next_try_at', '<=', ctx.now())
        .orderBy('next_try_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Sends a message once and keeps how that ended. Whether the destination can be sent more. */
export async function attemptDelivery(
  ctx: Context,
  destination: DestinationRow,
  delivery: DeliveryRow,
  resolve: Resolve = resolveHost,
): Promise<boolean> {
  const renew = () =>
    ctx.db
      .updateTable('notification_deliveries')
      .set({ next_try_at: leaseEnd(ctx) })
      .where('id', '=', delivery.id)
      .where('state', '=', 'waiting')
      .execute();
  const at = ctx.now();
  const startedMs = performance.now();
  const outcome = await underLease(ctx, renew, async () => {
    const message = await writtenMessage(ctx, delivery.id);
    return send(ctx, destination, { id: delivery.id, message, resolve });
  });
  const { ok, status, failure, answer } = outcome;
  const durationMs = Math.round(performance.now() - startedMs);
  await keep(ctx, delivery, outcome, { at: at.toISOString(), ok, status, failure, answer, durationMs });
  return !outcome.isDown;
}

async function send(
  ctx: Context,
  destination: DestinationRow,
  { id, message, resolve }: { id: string; message: Message; resolve: Resolve },
): Promise<Outcome> {
  const target = unseal(ctx, destination.id, destination.sealed);
  if (!target) return notSent(UNREADABLE);
  if (!('to' in target)) return sendHttp(ctx, { ...target, id, message, resolve });
  return sendMail(ctx, { to: target.to, id, ...(await withAttachment(ctx, message)) });
}

/** A message of mail with the file that goes with it; without one that is too large, or is not there as it was: then it says so. */
async function withAttachment(ctx: Context, message: Message) {
  const { attachment: file } = message;
  if (!file) return { message };
  const without = (because: string) => ({
    message: { ...message, lines: [...message.lines, `${file.name} is not attached: ${because}.`] },
  });
  if (file.sizeBytes > MOST_ATTACHED_BYTES) return without(`it has more than ${MOST_ATTACHED_BYTES / 2 ** 20} MiB`);
  try {
    const content = await buffer(await ctx.evidence.read(file.sha256, { sizeBytes: file.sizeBytes }));
    return { message, attachment: { name: file.name, content } };
  } catch (error) {
    if (!(error instanceof AppError && DAMAGE.has(error.code))) throw error;
    return without('it is gone or altered');
  }
}

/** The message as it was first written: every attempt says the same. While it is written nothing is added to what it tells. */
async function writtenMessage(ctx: Context, id: string): Promise<Message> {
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('notification_deliveries')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (row.message) return Message.parse(row.message);
    const written = await tx
      .updateTable('notification_deliveries')
      .set({ message: JSON.stringify(await messageOf({ ...ctx, db: tx }, row)) })
      .where('id', '=', id)
      .returning('message')
      .executeTakeFirstOrThrow();
    return Message.parse(written.message); // as it is kept: the database orders members its own way
  });
}

async function keep(ctx: Context, { id, destination_id, attempts, kind }: DeliveryRow, outcome: Outcome, tried: Try) {
  const { ok, isDown, isFinal, retryAfter } = outcome;
  const now = ctx.now();
  const failures = attempts + 1;
  const next = ok || isFinal || kind === 'test' ? null : nextTryAt(now, failures, askedWaitMs(retryAfter, now));
  await ctx.db.transaction().execute(async (tx) => {
    const { tries } = await tx
      .selectFrom('notification_deliveries')
      .select('tries')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('notification_deliveries')
      .set({
        attempts: failures,
        tries: JSON.stringify([tried, ...tries].slice(0, MOST_TRIES_KEPT)),
        ...(next ? { next_try_at: next } : { state: ok ? 'sent' : 'failed', ended_at: now }),
      })
      .where('id', '=', id)
      .execute();
    if (!ok && !next) await leavePending(tx, 'destination.give-up', destination_id, [id]);
    const destination = await tx
      .selectFrom('notification_destinations')
      .select(['failures', 'failing_since'])
      .where('id', '=', destination_id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const inARow = destination.failures + 1;
    await tx
      .updateTable('notification_destinations')
      .set(
        ok
          ? { failures: 0, failing_since: null, failure: null, next_try_at: null, sent_at: now }
          : {
              failures: inARow,
              failing_since: destination.failing_since ?? now,
              failure: tried.failure,
              next_try_at: isDown ? destinationTryAt(now, inARow) : null,
            },
      )
      .where('id', '=', destination_id)
      .execute();
  });
  if (!ok) ctx.log.warn({ deliveryId: id, failure: tried.failure }, 'a notification did not arrive');
}
