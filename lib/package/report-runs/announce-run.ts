import 'server-only';
import type { Selectable } from 'kysely';
import type { Tx } from '../../db/database';
import { announceReport } from '../../db/announce';
import type { ReportRunsTable } from '../../db/report-run-tables';
import { localDays } from '../../reports/schedule/period-of';
import type { ReportRunEntry } from '../../schemas/report-runs';
import type { Headline } from './kinds/run-kind';
import { dueOf, periodOf } from './runs';

type Row = Selectable<ReportRunsTable>;
type Made = {
  entries: readonly ReportRunEntry[];
  headline: Headline;
  runSha256: string;
  /** Of the entry of the transparency log. */
  logIndex: number;
};

/** Leaves that a run of a definition is there, with what whoever is told of it checks it by. */
export async function announceMade(tx: Tx, row: Row, made: Made, now: Date): Promise<void> {
  const { definition_id: definitionId } = row;
  if (!definitionId) return;
  const { entries, headline, runSha256, logIndex } = made;
  const pdf = entries.find(({ path }) => path === 'report.pdf');
  const facts = {
    ...about(row),
    headline,
    runSha256,
    logIndex,
    pdf: pdf ? { sha256: pdf.digest, sizeBytes: pdf.sizeBytes } : null,
  };
  await announceReport(tx, { kind: 'report.done', runId: row.id, definitionId, facts }, now);
}

/** Leaves that it could not be made, or not yet. */
export async function announceFailed(
  tx: Tx,
  row: Row,
  { failure, isFinal }: { failure: string; isFinal: boolean },
  now: Date,
): Promise<void> {
  const { definition_id: definitionId } = row;
  if (!definitionId) return;
  const facts = { ...about(row), failure, isFinal };
  await announceReport(tx, { kind: 'report.failed', runId: row.id, definitionId, facts }, now);
}

function about(row: Row) {
  const { definition } = row;
  const [period, timeZone] = [periodOf(row), definition?.timeZone ?? 'UTC'];
  return {
    definitionId: row.definition_id,
    name: definition?.name ?? '',
    kind: definition?.kind ?? 'governance',
    period,
    timeZone,
    days: `${localDays(period, timeZone)} (${timeZone})`,
    due: dueOf(row),
  };
}
