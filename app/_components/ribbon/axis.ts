import { formatCount } from '../format/number';
import { formatInstant } from '../format/instant';
import type { RibbonPart, RibbonScale } from './layout';

export type AxisLabel = { x: number; text: string; align: 'start' | 'middle' | 'end' };

/** Labels are kept at least this far apart. */
const GAP_PERCENT = 15;

/** The line under a ribbon: where in time (or at which record) the chain begins, its segments begin, and it ends. */
export function ribbonAxis(
  placed: readonly { x: number; width: number; segment: RibbonPart }[],
  scale: RibbonScale,
  zone: string,
): AxisLabel[] {
  const first = placed[0];
  const last = placed.at(-1);
  if (!first || !last) return [];
  const end = last.x + last.width;
  const label = (segment: RibbonPart): string =>
    segment.firstRecordedAt
      ? formatInstant(segment.firstRecordedAt, zone, 'short')
      : `record ${formatCount(segment.firstRecord)}`;
  const labels: AxisLabel[] = [{ x: first.x, text: label(first.segment), align: 'start' }];
  let held = first.x;
  for (const { x, segment } of placed.slice(1)) {
    if (x - held < GAP_PERCENT || end - x < GAP_PERCENT) continue;
    labels.push({ x, text: label(segment), align: 'middle' });
    held = x;
  }
  if (scale === 'time' && placed.length === 1 && first.segment.firstRecordedAt && last.segment.lastRecordedAt) {
    const [from, to] = [Date.parse(first.segment.firstRecordedAt), Date.parse(last.segment.lastRecordedAt)];
    for (const share of [0.25, 0.5, 0.75]) {
      labels.push({
        x: end * share,
        text: formatInstant(new Date(from + (to - from) * share).toISOString(), zone, 'short'),
        align: 'middle',
      });
    }
  }
  labels.push({
    x: end,
    text: last.segment.lastRecordedAt ? formatInstant(last.segment.lastRecordedAt, zone, 'short') : endOf(last.segment),
    align: 'end',
  });
  return labels;
}

function endOf({ firstRecord, records }: RibbonPart): string {
  return firstRecord + records === 0 ? 'no records' : `record ${formatCount(firstRecord + records - 1)}`;
}
