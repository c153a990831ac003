import type { ColumnType, Generated, Selectable } from 'kysely';
import type { Schedule } from '../schemas/report-schedules';
import type { DefinitionAsRun } from '../schemas/report-definitions';

/** What a report is made of, but for its name. */
export type DefinitionContent = Omit<DefinitionAsRun, 'id' | 'name'>;

/** Reports that are defined under a name; of one workspace no two have it. */
export type ReportDefinitionsTable = {
  id: Generated<string>;
  workspace_id: string;
  name: string;
  content: ColumnType<DefinitionContent, string, string>;
  /** When it is run by itself; null of one that is run by hand alone. */
  schedule: ColumnType<Schedule | null, string | null | undefined, string | null>;
  is_paused: Generated<boolean>;
  /** Null while it is paused. */
  next_run_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  created_by: string;
  created_at: Date;
  updated_at: Date;
};
export type ReportDefinitionRow = Selectable<ReportDefinitionsTable>;

/** Who is sent reports of a definition. */
export type ReportDefinitionDestinationsTable = { definition_id: string; destination_id: string };
