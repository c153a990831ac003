import type { Hit } from './kinds/hits';

/** Half-open, in microseconds since 1970. */
export type TimeUs = { fromUs: number; toUs: number };

/** How far around a slice is looked, in lengths of the windows: so far before it what windows in it are made of, and whether one goes on from before. */
const BEFORE = 4;
const FIRST_BEHIND = 4;
/** How much further behind it each time that windows that are one finding may go on. */
const BEHIND_GROWS = 4;
/** No slice is shorter than this, in lengths of the windows: more would be looked at twice than once. */
const SHORTEST = 8;

/**
 * What `hitsOf` finds in a whole time, found in slices of it, in the same order: so that no more is held at once than a slice, and what lies around it, has.
 * `hitsOf` answers hits by where their windows begin, of the records of the time it is given. A hit is of the slice in which its windows begin; where they
 * may go on behind what was looked at, that is looked at again from there, and further.
 * @param cutsUs where slices begin, ascending. @param reachUs as far before its end as a window, and what led to it, can lie.
 */
export async function* hitsInSlices<H extends Pick<Hit, 'windowFromUs' | 'windowToUs'>>(
  whole: TimeUs,
  cutsUs: readonly number[],
  reachUs: number,
  hitsOf: (time: TimeUs) => AsyncIterable<H>,
): AsyncGenerator<H, void> {
  let behind = FIRST_BEHIND;
  for (let fromUs = whole.fromUs; fromUs < whole.toUs; ) {
    const endUs = cutsUs.find((cutUs) => cutUs - fromUs >= SHORTEST * reachUs && cutUs < whole.toUs) ?? whole.toUs;
    const time = {
      fromUs: fromUs === whole.fromUs ? fromUs : Math.max(whole.fromUs, fromUs - BEFORE * reachUs),
      toUs: endUs === whole.toUs ? endUs : Math.min(whole.toUs, endUs + behind * reachUs),
    };
    const mayGoOn = ({ windowToUs }: H) => time.toUs < whole.toUs && windowToUs > time.toUs - 2 * reachUs;
    // Those that begin at one moment, until it is known that none of them goes on.
    let held: H[] = [];
    let nextUs = endUs;
    for await (const hit of hitsOf(time)) {
      if (hit.windowFromUs < fromUs) continue; // of a slice before
      if (hit.windowFromUs >= endUs) break;
      if (held[0] && held[0].windowFromUs !== hit.windowFromUs) {
        yield* held;
        held = [];
      }
      if (mayGoOn(hit)) {
        nextUs = hit.windowFromUs;
        held = [];
        break;
      }
      held.push(hit);
    }
    yield* held;
    behind = nextUs === fromUs ? behind * BEHIND_GROWS : FIRST_BEHIND;
    fromUs = nextUs;
  }
}

/**
 * Where to begin slices so that each has no more than about so many records. @param buckets how many records there are from a time on until that of the next
 * bucket, ascending.
 */
export function cutsOf(buckets: readonly { fromUs: number; records: number }[], most: number): number[] {
  const cuts: number[] = [];
  let records = 0;
  for (const bucket of buckets) {
    if (records > 0 && records + bucket.records > most) {
      cuts.push(bucket.fromUs);
      records = 0;
    }
    records += bucket.records;
  }
  return cuts;
}
