import type { Decision } from '../core/event/fields';
import { accessesDenied, recordsRecorded, timeCovered } from '../reports/controls/figures';
import { Readable } from 'node:stream';
import { controlsTable } from '../reports/controls/controls-csv';
import { controlsJson, controlsPdf } from '../reports/controls/controls-pdf';
import { KEPT_AS, writtenAs } from '../reports/controls/evidence-files';
import { type ControlFigure, ControlsReport } from '../schemas/controls';
import { type Counted, count } from './counted';
import { derivedKind } from './derived';

/** The figures that are counted of records are counted again; the others say by themselves how far they can be believed. */
export const controls = derivedKind(ControlsReport, async (kept, { records, period, bom, publicUrl, version }) => {
  const report = derivedControls(kept, await count(records, period));
  const written = Object.entries(KEPT_AS).map(([file, as]) => [
    file,
    () => Readable.from([writtenAs(as, report, { version, url: publicUrl })], { objectMode: false }),
  ]);
  return {
    json: controlsJson(report),
    pdf: (env) => controlsPdf({ env }, report),
    files: {
      ...Object.fromEntries(written),
      'controls.csv': (onRow) => controlsTable(report, { bom, publicUrl }, onRow),
    },
  };
});

/** Figures that are counted of records, in place of what was kept; all others are as they were kept, and say how strong they are. */
function derivedControls(kept: ControlsReport, counted: Counted): ControlsReport {
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
