import 'server-only';
import { setTimeout as pause } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { chainOfTail, recordDamage, recordIntact, tailSubject } from '../db/evidence-damage';
import { evidenceObjects } from '../db/evidence-objects';
import type { EvidenceSweepTable } from '../db/evidence-tables';
import { tailBytes } from '../db/tail-bytes';
import { isDamage } from '../evidence/damage';
import { removeDeleted } from '../retention/remove-deleted';

const PAGE = 100;
/** Bytes of an open segment read at a time. */
const TAIL_STEP_BYTES = 8 * 1024 * 1024;
/** Of several workers one sweeps; another goes on where it was when that has said nothing for so long. */
const LEASE_MS = 60_000;
/** How often what was done is written down. */
const SAVE_MS = 5_000;
/** How often what is damaged is read again, to see whether it was put right, and how many objects of it at a time. */
const DAMAGED_EVERY_MS = 30_000;
const MOST_DAMAGED = 20;

export type SweepPace = {
  /** 0: only what is known to be damaged is read. */ bytesPerSecond: number;
  /** From the beginning of one pass to that of the next. */
  everyMs: number;
  /** One call works for about so long. */
  forMs: number;
};

/**
 * Reads evidence back, object by object in the order of their digests, and goes on where it was when it is called again. Whatever is not what
 * was stored is noted by the store that reads it. What is on record as damaged is read first, so that it is known when it was put right.
 */
export async function sweepEvidence(ctx: Context, pace: SweepPace, signal?: AbortSignal): Promise<void> {
  const row = await takeLease(ctx);
  if (!row) return;
  const sweep = new Sweep(ctx, row, pace, signal);
  try {
    await sweep.damaged();
    if (pace.bytesPerSecond > 0) await sweep.objects();
  } finally {
    await sweep.save(true);
  }
}

/** The row of the sweep when nobody else is at it. */
async function takeLease({ db, now }: Context): Promise<Selectable<EvidenceSweepTable> | null> {
  const at = now();
  const lease = new Date(at.getTime() + LEASE_MS);
  await db
    .insertInto('evidence_sweep')
    .values({ id: 1, position: '', started_at: at, objects: 0, bytes: 0, lease_until: new Date(0) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return (
    (await db
      .updateTable('evidence_sweep')
      .set({ lease_until: lease })
      .where('id', '=', 1)
      .where('lease_until', '<=', at)
      .returningAll()
      .executeTakeFirst()) ?? null
  );
}

class Sweep {
  readonly #begunMs = performance.now();
  #savedMs = performance.now();
  #readBytes = 0;

  constructor(
    readonly ctx: Context,
    readonly row: Selectable<EvidenceSweepTable>,
    readonly pace: SweepPace,
    readonly signal: AbortSignal | undefined,
  ) {}

  async damaged(): Promise<void> {
    const { db, now } = this.ctx;
    const rows = await db
      .selectFrom('evidence_damage')
      .select('subject')
      .where('healed_at', 'is', null)
      .where('seen_at', '<', new Date(now().getTime() - DAMAGED_EVERY_MS))
      .orderBy('seen_at')
      .limit(MOST_DAMAGED)
      .execute();
    for (const { subject } of rows) {
      const chainId = chainOfTail(subject);
      if (await (chainId === null ? this.#isSound(subject) : this.#isTailSound(chainId)))
        await recordIntact(db, subject, now());
    }
  }

  async objects(): Promise<void> {
    const { row, pace, ctx } = this;
    if (
      row.position === '' &&
      row.last_started_at &&
      ctx.now().getTime() - row.last_started_at.getTime() < pace.everyMs
    )
      return;
    if (row.position === '') Object.assign(row, { started_at: ctx.now(), objects: 0, bytes: 0 });
    while (!this.#isOver()) {
      const page = await evidenceObjects(ctx.db, row.position, PAGE);
      for (const { digest } of page) {
        if (this.#isOver()) return;
        await this.#isSound(digest);
        row.position = digest;
        row.objects += 1;
        await this.save(false);
      }
      if (page.length < PAGE) {
        await this.#tails();
        await this.#deleted();
        return this.#end();
      }
    }
  }

  /** What is open comes at the end of a pass, all of it in one go. */
  async #tails(): Promise<void> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const page = await this.ctx.db
        .selectFrom('tails')
        .select('chain_id')
        .where('chain_id', '>', after)
        .whereRef('size_bytes', '>', 'closed_bytes')
        .orderBy('chain_id')
        .limit(PAGE)
        .execute();
      for (const { chain_id: chainId } of page) {
        if (await this.#isTailSound(chainId)) await recordIntact(this.ctx.db, tailSubject(chainId), this.ctx.now());
        this.row.objects += 1;
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.chain_id;
    }
  }

  /** Bytes that were deleted and came again, with an upload that was refused, say: nothing needs them. */
  async #deleted(): Promise<void> {
    const { ctx } = this;
    for (let after = ''; ; ) {
      const page = await ctx.db
        .selectFrom('deleted_objects')
        .select('digest')
        .distinct()
        .where('digest', '>', after)
        .orderBy('digest')
        .limit(PAGE)
        .execute();
      for (const { digest } of page) if ((await ctx.evidence.stat(digest)) !== null) await removeDeleted(ctx, digest);
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.digest;
    }
  }

  async #isTailSound(chainId: string): Promise<boolean> {
    const { ctx, row } = this;
    try {
      const tail = await ctx.db
        .selectFrom('tails')
        .select(['closed_bytes', 'size_bytes'])
        .where('chain_id', '=', chainId)
        .executeTakeFirst();
      for (let at = tail?.closed_bytes ?? 0; at < (tail?.size_bytes ?? 0); at += TAIL_STEP_BYTES) {
        const { length } = await tailBytes(ctx, chainId, at, at + TAIL_STEP_BYTES);
        row.bytes += length;
        await this.#slow(length);
        await this.save(false);
      }
      return true;
    } catch (error) {
      if (!isDamage(error)) throw error;
      await recordDamage(ctx.db, tailSubject(chainId), 'altered', ctx.now());
      return false;
    }
  }

  #end(): void {
    const { row, ctx } = this;
    // Of nothing nothing was read back.
    if (row.objects === 0) return void Object.assign(row, { position: '' });
    Object.assign(row, {
      position: '',
      last_started_at: row.started_at,
      last_ended_at: ctx.now(),
      last_objects: row.objects,
      last_bytes: row.bytes,
    });
  }

  #isOver(): boolean {
    return (this.signal?.aborted ?? false) || performance.now() - this.#begunMs > this.pace.forMs;
  }

  /** Reads an object whole, no quicker than it may. What it shows is noted by the store. @throws AppError EVIDENCE_UNAVAILABLE while the store as a whole is away. */
  async #isSound(digest: string): Promise<boolean> {
    const { ctx, row } = this;
    try {
      for await (const chunk of await ctx.evidence.read(digest)) {
        const { length } = chunk;
        row.bytes += length;
        await this.#slow(length);
        await this.save(false);
      }
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'EVIDENCE_ALTERED' || error.code === 'EVIDENCE_MISSING')
        await recordDamage(ctx.db, digest, error.code === 'EVIDENCE_ALTERED' ? 'altered' : 'missing', ctx.now());
      else if (error.code === 'EVIDENCE_UNAVAILABLE') await this.#unreadable(digest, error);
      else throw error;
      return false;
    }
  }

  /** A store that is away is waited for; an object that alone cannot be read is noted. */
  async #unreadable(digest: string, error: AppError): Promise<void> {
    if (!(await this.ctx.evidence.probe())) throw error;
    await recordDamage(this.ctx.db, digest, 'unreadable', this.ctx.now());
  }

  async #slow(bytes: number): Promise<void> {
    const { bytesPerSecond } = this.pace;
    this.#readBytes += bytes;
    if (bytesPerSecond === 0 || !Number.isFinite(bytesPerSecond)) return;
    const aheadMs = (this.#readBytes / bytesPerSecond) * 1000 - (performance.now() - this.#begunMs);
    if (aheadMs > 10) await pause(aheadMs, undefined, { signal: this.signal }).catch(() => undefined); // ending early is all it means
  }

  async save(isLast: boolean): Promise<void> {
    if (!isLast && performance.now() - this.#savedMs < SAVE_MS) return;
    this.#savedMs = performance.now();
    const { id: _, lease_until: __, ...rest } = this.row;
    const lease = isLast ? new Date(0) : new Date(this.ctx.now().getTime() + LEASE_MS);
    await this.ctx.db
      .updateTable('evidence_sweep')
      .set({ ...rest, lease_until: lease })
      .where('id', '=', 1)
      .execute();
  }
}
