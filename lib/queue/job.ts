import 'server-only';
import type { Context } from '../context';
import type { JobKind, JobPayload } from './kinds';

export type JobDefinition<K extends JobKind = JobKind> = {
  kind: K;
  /** Jobs of this kind one worker runs at once. */
  concurrency: number;
  run: (ctx: Context, payload: JobPayload<K>, signal: AbortSignal) => Promise<void>;
};

/** A job is delivered at least once: `run` must be able to run twice. */
export function defineJob<K extends JobKind>(definition: JobDefinition<K>): JobDefinition<K> {
  return definition;
}
