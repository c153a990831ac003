import 'server-only';
import type { Context } from '../../context';
import type { SegmentCheck } from '../../core/chain/check';
import type { ChainFormat } from '../../core/chain/format';
import { type Sightings, createSightingScan, hashesToSight } from '../../core/chain/sightings';

/** Where in the chain the hashes of its broken links are. Reads the segments again, but only when a link is broken between them. */
export async function sightHashes(ctx: Context, format: ChainFormat, segments: readonly { digest: string; check: SegmentCheck }[]): Promise<Sightings> {
  const wanted = hashesToSight(segments.map(({ check }) => check));
  const scan = createSightingScan(format, ctx.hasher, wanted);
  if (wanted.size === 0) return scan.sightings;
  for (const { digest } of segments) {
    for await (const chunk of await ctx.evidence.read(digest)) scan.push(chunk);
    scan.endSegment();
  }
  return scan.sightings;
}
