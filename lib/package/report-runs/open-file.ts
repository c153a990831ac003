import 'server-only';
import { Readable } from 'node:stream';
import type * as z from 'zod';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { isDamage } from '../../evidence/damage';
import { readObject } from '../../evidence/store';
import type { ReportRun } from '../../schemas/report-runs';
import { ControlsReport } from '../../schemas/controls';
import { IncidentReport } from '../../schemas/incident-report';
import { IntegrityReport } from '../../schemas/integrity-report';
import type { ReportKind } from '../../schemas/report-definitions';
import { Report } from '../../schemas/reports';
import { UsageReport } from '../../schemas/usage-report';
import { getReportRun } from './runs';

/** A file of a run, each byte compared with what was signed as it is read. @throws AppError NOT_FOUND, CONFLICT while it is not made. */
export async function openRunFile(ctx: Context, { runId, file }: { runId: string; file: string }): Promise<Readable> {
  const run = await getReportRun(ctx, { runId });
  if (run.state !== 'done')
    throw new AppError('CONFLICT', run.failure ?? 'the report is not made', { runId, state: run.state });
  const { digest, sizeBytes } = requireFile(run, file);
  return Readable.from(await ctx.evidence.read(digest, { sizeBytes }), { objectMode: false });
}

/** Of each kind what `report.json` holds. */
const KEPT = {
  controls: ControlsReport,
  governance: Report,
  incident: IncidentReport,
  integrity: IntegrityReport,
  usage: UsageReport,
} satisfies Record<ReportKind, z.ZodType>;
/** The figures of a kept report, by its kind. */
export type Kept = { [K in ReportKind]: { kind: K; report: z.output<(typeof KEPT)[K]> } }[ReportKind];

/** The figures of a run that is made, as they were kept; or that the file is gone or altered, or of a release that wrote another. */
export async function keptReport(
  { evidence }: Context,
  run: ReportRun,
): Promise<Kept | 'damaged' | 'of another release'> {
  const { digest, sizeBytes } = requireFile(run, 'report.json');
  try {
    const text = (await readObject(evidence, digest, { sizeBytes })).toString('utf8');
    const kind = run.definition?.kind ?? 'governance';
    const { data: report } = KEPT[kind].safeParse(JSON.parse(text));
    return report ? ({ kind, report } as Kept) : 'of another release'; // read by the schema of its kind
  } catch (error) {
    if (isDamage(error)) return 'damaged';
    throw error;
  }
}

function requireFile({ id, files }: ReportRun, path: string) {
  const found = files.find((entry) => entry.path === path);
  if (!found) throw new AppError('NOT_FOUND', 'the report run has no such file', { runId: id, file: path });
  return found;
}
