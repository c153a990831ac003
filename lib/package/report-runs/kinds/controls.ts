import 'server-only';
import { VERSION } from '../../../config/version';
import { getControlEvidence } from '../../../reports/controls/control-evidence';
import { controlsTable } from '../../../reports/controls/controls-csv';
import { controlsJson, controlsPdf } from '../../../reports/controls/controls-pdf';
import { KEPT_AS, writtenAs } from '../../../reports/controls/evidence-files';
import { ControlsReport } from '../../../schemas/controls';
import type { RunKind } from './run-kind';

/** What of the records of a period answers each control of a framework. */
export const controls: RunKind = {
  files: () => ['report.json', 'report.pdf', 'controls.csv', ...Object.keys(KEPT_AS)],
  async make(ctx, { period, definition, chains }, out) {
    if (!definition?.framework) throw new Error('control evidence is of a framework');
    const { name, timeZone, bom, framework } = definition;
    const evidence = await getControlEvidence(ctx, { framework, period });
    const report: ControlsReport = { kind: 'controls', definition: { name, timeZone }, ...evidence };
    await out.add('report.json', controlsJson(report));
    await out.stream('report.pdf', await controlsPdf(ctx, report));
    const { workspaceUrl: publicUrl } = ctx.env;
    await out.table('controls.csv', (onRow) => controlsTable(report, { bom, publicUrl }, onRow));
    for (const [file, as] of Object.entries(KEPT_AS))
      await out.add(file, Buffer.from(writtenAs(as, report, { version: VERSION, url: ctx.env.workspaceUrl })));
    const recorded = report.figures.find(({ id }) => id === 'records-recorded');
    return !recorded || recorded.value === chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0);
  },
  headline(report) {
    const { controls: all, figures } = ControlsReport.parse(report);
    const recorded = figures.find(({ id }) => id === 'records-recorded');
    return [
      { label: 'Controls', value: all.length },
      {
        label: 'Controls that nothing here answers',
        value: all.filter(({ strength }) => strength === 'not-evidenced').length,
      },
      ...(typeof recorded?.value === 'number' ? [{ label: 'Records', value: recorded.value }] : []),
    ];
  },
};
