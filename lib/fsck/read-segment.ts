import { unlessGone } from './gone';
import 'server-only';
import type { Context } from '../context';
import type { FormatId } from '../core/chain/format';
import type { Problem } from '../core/chain/problem';
import { formatById } from '../core/formats';
import { checkWhole } from '../verify/log/check-file';
import type { CheckedSegment } from '../verify/log/log-source';

export type Checked = CheckedSegment;

/** What checking a segment gives, of its bytes alone; null when they are gone or altered, which is told with the objects. */
export async function checkAgain(ctx: Context, digest: string, format: FormatId): Promise<Checked | null> {
  return unlessGone(walk(ctx, digest, format));
}

async function walk(ctx: Context, digest: string, format: FormatId): Promise<Checked> {
  return checkWhole(await ctx.evidence.read(digest), formatById(format), ctx.hasher);
}

/** A problem as its row has it. */
export function problemValues({ byteOffset, byteLength, ...rest }: Problem) {
  return { ...rest, byte_offset: byteOffset, byte_length: byteLength };
}
