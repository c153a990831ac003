import 'server-only';
import type { Readable } from 'node:stream';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { perContext } from '../per-context';

/** Searches of one person or token that run at once, and that wait: one page asks some, and nobody takes the lake from others. */
const AT_ONCE = 4;
const WAITING = 20;

type Turns = { running: number; waiting: (() => void)[] };
const turnsOf = perContext('search-turns', (): Map<string, Turns> => new Map());

type Asking = { actor: Pick<Actor, 'id'>; signal?: AbortSignal | undefined };

/**
 * Runs a search when it is its turn; one that is not wanted any more gives its place up.
 * @throws AppError BUSY when as many wait already; the signal's reason when it is aborted first.
 */
export async function inTurn<T>(ctx: Context, asking: Asking, run: () => Promise<T>): Promise<T> {
  const end = await turn(ctx, asking);
  try {
    return await run();
  } finally {
    end();
  }
}

/** The same for what is streamed: its turn ends with the stream. */
export async function streamInTurn(ctx: Context, asking: Asking, open: () => Promise<Readable>): Promise<Readable> {
  const end = await turn(ctx, asking);
  try {
    return (await open()).once('close', end);
  } catch (error) {
    end();
    throw error;
  }
}

/** Waits for a turn, and gives what ends it. */
async function turn(ctx: Context, { actor, signal }: Asking): Promise<() => void> {
  const all = turnsOf(ctx);
  const turns = all.get(actor.id) ?? { running: 0, waiting: [] };
  all.set(actor.id, turns);
  signal?.throwIfAborted();
  if (turns.running >= AT_ONCE) await waitIn(turns, signal);
  else turns.running += 1;
  return () => {
    const next = turns.waiting.shift(); // takes the place over
    if (next) next();
    else turns.running -= 1;
    if (turns.running === 0) all.delete(actor.id);
  };
}

function waitIn({ waiting }: Turns, signal: AbortSignal | undefined): Promise<void> {
  if (waiting.length >= WAITING)
    throw new AppError('BUSY', `${AT_ONCE} of your searches run and ${WAITING} wait: let some of them end first`, {
      running: AT_ONCE,
      waiting: WAITING,
    });
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      waiting.splice(waiting.indexOf(start), 1);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('the search is not wanted any more'));
    };
    const start = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    waiting.push(start);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
