import 'server-only';
import { createHash } from 'node:crypto';
import { chainNames } from '../../chains/chain-names';
import type { Context } from '../../context';
import { type Drawn, SAMPLE_METHOD, createDraw } from '../../core/sampling/draw';
import type { RecordSample } from '../../core/sampling/record-sample';
import type { SampleStep } from '../../schemas/sample';
import { type PlacedRecord, eventLines } from '../../events/export-events';
import type { RequestedSearch } from '../../events/searched';

export type RequestedSample = RequestedSearch & { seed: string; size: number };

/** How far it is, is told this often at most. */
const TELL_MS = 250;

/**
 * Draws a sample of what a search finds, from the lines as they are in evidence, telling how far it is. What is told last is the sample. Reads the
 * whole population; ends midway when evidence is not what was stored. @throws AppError BAD_REQUEST.
 */
export async function* drawSample(ctx: Context, requested: RequestedSample): AsyncGenerator<SampleStep> {
  const { sample } = yield* draw(ctx, requested);
  yield { sample };
}

/** The same, with where the records drawn lie. */
export async function* draw(
  ctx: Context,
  { seed, size, ...requested }: RequestedSample,
): AsyncGenerator<
  Exclude<SampleStep, { sample: unknown }>,
  { sample: RecordSample; drawn: readonly Drawn<PlacedRecord>[] }
> {
  const drawing = createDraw<PlacedRecord>(() => createHash('sha256'), { seed, size });
  let toldMs = -Infinity;
  let [records, sizeBytes] = [0, 0];
  for await (const { line, record } of eventLines(ctx, requested)) {
    drawing.push(line, record);
    records += 1;
    sizeBytes += line.length + 1;
    if (performance.now() - toldMs < TELL_MS) continue;
    toldMs = performance.now();
    yield { records, sizeBytes };
  }
  const { population, drawn } = drawing.result();
  const names = await chainNames(ctx, [...new Set(drawn.map(({ of }) => of.chainId))]);
  const { q, from = null, to = null, chain = null } = requested;
  return {
    drawn,
    sample: {
      population: { q, from, to, chainId: chain, ...population },
      seed,
      size,
      method: SAMPLE_METHOD,
      records: drawn.map(({ rank, line, of: { chainId, ordinal, recordedAt } }) => ({
        rank,
        line,
        chainId,
        chain: names.get(chainId) ?? chainId,
        ordinal,
        recordedAt,
      })),
    },
  };
}
