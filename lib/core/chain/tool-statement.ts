import type { Check } from '../checks/check';
import type { Reason } from '../checks/reasons';
import type { JsonObject } from '../formats/read-line';
import type { CompanionId } from '../statements/predicates';
import type { Statement } from '../statements/statement';

/** What a tool's own statement says of a log of its. */
export type ToolStatement = {
  /** What it is about, compared with what it says of the log. */
  subject: Check;
  /** The log it is on, for who has to find it. */
  log: Omit<Extract<Reason, { code: 'tool-log-not-here' }>, 'code'>;
  /** Watches the records of a log go by, in order. Of several logs the one that fits most is the one it is on. */
  watch(): { see(record: JsonObject): void; end(): { fit: number; checks: Check[] } };
};

type ToolRun = {
  run: string;
  /** In the order of the log, as `keep` left them. */
  records: readonly JsonObject[];
  /** The log's file name. */
  chainFile: string;
  generatedAt: string;
};

/** The statement a tool makes of one run itself, which is made here in its place. */
export type RunStatement = {
  /** By what it is asked for. */
  companion: CompanionId;
  /** What is needed of a record; the rest need not be held while a run is read. */
  keep(record: JsonObject): JsonObject;
  /** @throws Error when it cannot be made of these records. */
  build(run: ToolRun, subject: Statement['subject']): Statement;
};
