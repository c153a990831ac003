import 'server-only';
import { readChainBytes } from '../chains/chain-bytes';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { GitState } from '../core/event/git-state';
import { formatById } from '../core/formats';
import { readObject } from '../core/formats/read-line';
import { type SessionChain, type SessionScope, endsOfKinds } from '../lake/query/session';
import type { Session } from '../schemas/sessions';

/** The repository as the first and the last record of each chain state it that do, read from evidence. */
export async function gitOfSession(
  ctx: Context,
  scope: SessionScope,
  chains: readonly SessionChain[],
): Promise<Session['git']> {
  const formats = new Map(chains.map(({ chainId, format }) => [chainId, formatById(format)]));
  const stating = [...formats.values()].flatMap(({ gitStates }) => gitStates ?? []);
  if (stating.length === 0) return [];
  const places = await endsOfKinds(ctx, scope, [...new Set(stating.flatMap(({ kinds }) => kinds))]);
  const read = await Promise.all(
    places.map(async ({ chainId, ordinal, byteOffset, byteLength }) => {
      const states = formats.get(chainId)?.gitStates;
      const bytes = await intactBytes(ctx, chainId, byteOffset, byteOffset + byteLength);
      if (!states || bytes === null) return states && bytes === null ? [{ chainId, ordinal, state: null }] : [];
      const state = states.read(readObject(bytes));
      return state ? [{ chainId, ordinal, state: listed(state) }] : [];
    }),
  );
  return read.flat();
}

/** Null when they are not what was stored. */
async function intactBytes(ctx: Context, chainId: string, from: number, to: number): Promise<Buffer | null> {
  try {
    const held = await readChainBytes(ctx, chainId, from, to);
    return held?.bytes ?? null;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'EVIDENCE_ALTERED' || error.code === 'EVIDENCE_MISSING'))
      return null;
    throw error;
  }
}

const MOST_NAMED = 1_000;

function listed({ changedFiles, untrackedFiles, ...state }: GitState) {
  return {
    ...state,
    changedFiles: changedFiles.slice(0, MOST_NAMED),
    untrackedFiles: untrackedFiles.slice(0, MOST_NAMED),
  };
}
