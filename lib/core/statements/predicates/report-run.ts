import * as z from 'zod';
import { CHAIN_VERDICTS } from '../../chain/verdict';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { definePredicate } from './predicate';

export const REPORT_RUN_TYPE = 'https://sealtrail.dev/attestation/report-run/v1';

/** The file that says what a report rests on, and the one that holds the signature over all of them. */
export const RUN_FILE = 'run.json';
export const RUN_BUNDLE = 'run.sigstore.json';

const Count = z.number().int().min(0);
const Instant = z.iso.datetime();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A report of a period, as it was made once. Specified in `report-run.md`. */
export const ReportRun = z.object({
  run: z.object({ id: z.string() }),
  period: z.object({ from: Instant, to: Instant }),
  tool: z.object({ name: z.string(), version: z.string() }),
  records: Count,
  chains: Count,
  byVerdict: z.partialRecord(z.enum(CHAIN_VERDICTS), Count),
  createdAt: Instant,
});
export type ReportRun = z.infer<typeof ReportRun>;

/** The statement over every file of a report. @throws ZodError when the input breaks the predicate's schema. */
export function buildReportRunStatement(
  files: readonly { path: string; sha256: string }[],
  input: ReportRun,
): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: files.map(({ path, sha256 }) => ({ name: path, digest: { sha256: Sha256.parse(sha256) } })),
    predicateType: REPORT_RUN_TYPE,
    predicate: ReportRun.parse(input),
  };
}

export const reportRun = definePredicate({
  type: REPORT_RUN_TYPE,
  label: 'Report run',
  schema: ReportRun,
  madeAt: 'createdAt',
  build: buildReportRunStatement,
  describe: ({ period, records, chains }) =>
    `the report from ${period.from} to ${period.to}: ${records} records of ${chains} ${chains === 1 ? 'chain' : 'chains'}`,
});
