import 'server-only';
import type { Context } from '../../context';
import { toBase64 } from '../../core/base64';
import { parseCheckpoint } from '../../core/merkle/checkpoint';
import { proveConsistency } from '../../core/merkle/prove';
import {
  type NoteKey,
  formatNoteSignature,
  parseNoteSignatures,
  verifyNoteSignature,
} from '../../core/merkle/signed-note';
import { logSource } from './log-tiles';

const TIMEOUT_MS = 15_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 3600_000;
const MAX_ANSWER_BYTES = 64 * 1024;

type Witness = Context['env']['witnesses'][number];

/** Has every configured witness that has not seen the newest checkpoint cosign it. One that does not is told on its row and asked again later. */
export async function askWitnesses(ctx: Context): Promise<void> {
  const checkpoint = await ctx.db
    .selectFrom('log_checkpoints')
    .select(['size', 'note'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!checkpoint) return;
  await Promise.all(ctx.env.witnesses.map((witness) => ask(ctx, witness, checkpoint)));
}

async function ask(ctx: Context, witness: Witness, checkpoint: { size: number; note: string }): Promise<void> {
  const { verifierKey, url, key } = witness;
  await ctx.db
    .insertInto('log_witnesses')
    .values({ verifier_key: verifierKey, url })
    .onConflict((conflict) => conflict.column('verifier_key').doUpdateSet({ url }))
    .execute();
  const state = await ctx.db
    .selectFrom('log_witnesses')
    .selectAll()
    .where('verifier_key', '=', verifierKey)
    .executeTakeFirstOrThrow();
  if (state.size >= checkpoint.size || (state.next_try_at && state.next_try_at > ctx.now())) return;
  try {
    const cosigned = await submit(ctx, url, key, checkpoint, state.size);
    await ctx.db.transaction().execute(async (tx) => {
      await tx
        .insertInto('log_cosignatures')
        .values({ size: checkpoint.size, verifier_key: verifierKey, line: cosigned.line, cosigned_at: cosigned.at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await tx
        .updateTable('log_witnesses')
        .set({
          size: checkpoint.size,
          cosigned_at: cosigned.at,
          attempts: 0,
          next_try_at: null,
          failure: null,
          failed_at: null,
        })
        .where('verifier_key', '=', verifierKey)
        .where('size', '<=', checkpoint.size)
        .execute();
    });
  } catch (error) {
    const failure = sentence(error);
    const now = ctx.now();
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(state.attempts, 20));
    await ctx.db
      .updateTable('log_witnesses')
      .set({ attempts: state.attempts + 1, next_try_at: new Date(now.getTime() + waitMs), failure, failed_at: now })
      .where('verifier_key', '=', verifierKey)
      .execute();
    ctx.log.warn({ witness: key.name, failure }, 'a witness did not cosign the log');
  }
}

/** The checked cosignature, c2sp.org/tlog-witness. @throws Error that says why there is none. */
async function submit(
  ctx: Context,
  url: string,
  key: NoteKey,
  checkpoint: { size: number; note: string },
  knownSize: number,
): Promise<{ line: string; at: Date }> {
  let answer = await post(ctx, url, checkpoint, knownSize);
  // It remembers another head than we do, from a database that was restored, say.
  if (answer.status === 409) answer = await post(ctx, url, checkpoint, sizeIn(answer.text, checkpoint.size));
  if (answer.status !== 200) throw new Error(`it answered ${answer.status}: ${answer.text.slice(0, 200).trim()}`);
  const { note } = parseCheckpoint(checkpoint.note);
  for (const signature of parseNoteSignatures(answer.text)) {
    const held = verifyNoteSignature(note.text, signature, key);
    if (held?.at) return { line: formatNoteSignature(signature), at: new Date(held.at) };
  }
  throw new Error(`it answered without a cosignature by ${key.name} that holds`);
}

function sizeIn(text: string, most: number): number {
  const [, size] = /^(0|[1-9]\d*)\n$/.exec(text) ?? [];
  if (size === undefined) throw new Error('it remembers another head and does not say of which size');
  if (Number(size) > most)
    throw new Error(
      `it cosigned a log of ${size} entries, and this one has ${most}: entries were lost, or another log has this name`,
    );
  return Number(size);
}

async function post(
  ctx: Context,
  url: string,
  checkpoint: { size: number; note: string },
  from: number,
): Promise<{ status: number; text: string }> {
  const hashes = await proveConsistency(logSource(ctx.db), { from, to: checkpoint.size });
  const body = `old ${from}\n${hashes.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint.note}`;
  const answer = await fetch(`${url}/add-checkpoint`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return { status: answer.status, text: Buffer.concat(chunks).toString('utf8') };
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it did not answer within ${TIMEOUT_MS / 1000} seconds`;
  const cause = error.cause instanceof Error && 'code' in error.cause ? ` (${String(error.cause.code)})` : '';
  // What `fetch` throws when there is no answer: the cause is the network's.
  return error instanceof TypeError && cause !== '' ? `it could not be reached${cause}` : error.message;
}
