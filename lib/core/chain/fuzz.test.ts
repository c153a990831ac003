import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { contents, toBytes, writers } from '../../testing/chains';
import { type Mutation, mutate, mutations } from '../../testing/mutate';
import { referenceFindingOf } from '../../testing/reference-finding';
import { checkBytes, verifySegments } from '../../testing/verify';
import { recogniseFormat } from '../formats';

/** `SEALTRAIL_FUZZ_INPUTS=100000 npx vitest run --project unit lib/core/chain/fuzz` for the long run, a few minutes. */
const INPUTS = Number(process.env.SEALTRAIL_FUZZ_INPUTS ?? 1000);
const SEED = Number(process.env.SEALTRAIL_FUZZ_SEED ?? 20_260_511);
/** Far above what a log of a few kilobytes takes. */
const TOO_LONG_MS = 2000;

const hasher = await createHasher();
const all = Object.values(writers(hasher));

it.each(all)(
  'whatever was changed in a log of $format.label, it is not called verified, and nothing fails or hangs',
  ({ format, write }) => {
    const changes = mutations(5).filter(({ length }) => length > 0);
    fc.assert(
      fc.property(contents(1, 8), changes, (list, steps: readonly Mutation[]) => {
        const genuine = toBytes(write(list));
        const changed = Buffer.from(steps.reduce<Uint8Array>(mutate, genuine));
        const startedMs = performance.now();
        const { verdict } = verifySegments(format, hasher, [changed]);
        referenceFindingOf(format, hasher, changed);
        recogniseFormat([changed]);
        expect(performance.now() - startedMs).toBeLessThan(TOO_LONG_MS);
        expect(checkBytes(format, hasher, changed)).toEqual(
          checkBytes(format, hasher, changed, { parseEveryRecord: true }),
        );
        // Without a witness a chain cut at a record's end is a chain like any other: no format shows it.
        const isCut =
          genuine.subarray(0, changed.length).equals(changed) &&
          (changed.length === genuine.length || genuine[changed.length] === 0x0a || changed.at(-1) === 0x0a);
        expect(isCut || verdict !== 'verified').toBe(true);
      }),
      { numRuns: Math.ceil(INPUTS / all.length), seed: SEED },
    );
  },
  Math.max(60_000, INPUTS * 20),
);
