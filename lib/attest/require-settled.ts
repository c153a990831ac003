import 'server-only';
import { AppError } from '../core/errors';

/** @throws AppError CONFLICT when nothing of the chain is closed, or a stage is still at work on it: there is nothing final to state. */
export function requireSettled(
  chain: { id: string; verdict: string; generation: number; detected_generation: number | null },
  hasClosedSegment: boolean,
): void {
  const details = { chainId: chain.id };
  if (!hasClosedSegment)
    throw new AppError(
      'CONFLICT',
      'the chain has no closed segment yet; seal it, or wait until its open segment is closed',
      details,
    );
  if (chain.verdict === 'pending' || chain.detected_generation !== chain.generation) {
    throw new AppError(
      'CONFLICT',
      'the chain is still being verified, loaded or searched; attest it when its verdict is there and its records are loaded',
      details,
    );
  }
}
