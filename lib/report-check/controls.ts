import type { Decision } from '../core/event/fields';
import { accessesDenied, recordsRecorded, timeCovered } from '../reports/controls/figures';
import type { ControlFigure, ControlsReport } from '../schemas/controls';
import type { Counted } from './counted';

/** Figures that are counted of records, in place of what was kept; all others are as they were kept, and say how strong they are. */
export function derivedControls(kept: ControlsReport, counted: Counted): ControlsReport {
  const { period } = kept;
  const counts = counted.activity.flatMap(
    (bucket) => Object.entries(bucket.counts).map(([decision, records]) => [decision as Decision, records] as const), // its keys
  );
  const derived = {
    'records-recorded': recordsRecorded(counts, period),
    'accesses-denied': accessesDenied(counted.totals.denied, period),
    'time-covered': timeCovered(counted.activity, {
      period,
      stepSeconds: counted.bucketSeconds,
      now: new Date(kept.generatedAt),
    }),
  };
  const inPlace = (figure: ControlFigure): ControlFigure =>
    figure.id in derived ? { ...figure, ...derived[figure.id as keyof typeof derived] } : figure; // just asked for
  return { ...kept, figures: kept.figures.map(inPlace) };
}
