import { unlessGone } from './gone';
import 'server-only';
import type { Context } from '../context';
import type { SegmentCheck } from '../core/chain/check';
import { createSegmentChecker } from '../core/chain/check-segment';
import type { FormatId } from '../core/chain/format';
import type { Problem } from '../core/chain/problem';
import { formatById } from '../core/formats';

export type Checked = { check: SegmentCheck; problems: Problem[] };

/** What checking a segment gives, of its bytes alone; null when they are gone or altered, which is told with the objects. */
export async function checkAgain(ctx: Context, digest: string, format: FormatId): Promise<Checked | null> {
  return unlessGone(walk(ctx, digest, format));
}

async function walk(ctx: Context, digest: string, format: FormatId): Promise<Checked> {
  const checker = createSegmentChecker(formatById(format), ctx.hasher);
  for await (const chunk of await ctx.evidence.read(digest)) checker.push(chunk);
  return checker.end();
}

/** A problem as its row has it. */
export function problemValues({ byteOffset, byteLength, ...rest }: Problem) {
  return { ...rest, byte_offset: byteOffset, byte_length: byteLength };
}
