import 'server-only';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CsvRow, counted, csvStream } from '../../../reports/csv-stream';
import { integrityJson, integrityPdf } from '../../../reports/integrity/integrity-pdf';
import {
  CHAIN_COLUMNS,
  HEAD_COLUMNS,
  PROBLEM_COLUMNS,
  STATEMENT_COLUMNS,
  chainRow,
  headRows,
  integrityReport,
  problemRows,
  statementRows,
} from '../../../reports/integrity/integrity-report';
import { integrityOfChains } from '../../../reports/integrity/read-integrity';
import { type IntegrityOfChain, IntegrityReport } from '../../../schemas/integrity-report';
import { settledChain } from './settled';
import { SpooledRows } from './spooled-rows';
import type { RunKind } from './run-kind';

/** The tables, each of rows that chains have. */
const TABLES: readonly { file: string; columns: string[]; rows: (chain: IntegrityOfChain) => CsvRow[] }[] = [
  { file: 'chains.csv', columns: CHAIN_COLUMNS, rows: (chain) => [chainRow(chain)] },
  { file: 'problems.csv', columns: PROBLEM_COLUMNS, rows: problemRows },
  { file: 'heads.csv', columns: HEAD_COLUMNS, rows: headRows },
  { file: 'statements.csv', columns: STATEMENT_COLUMNS, rows: statementRows },
];

/** Whether the evidence holds, chain by chain. */
export const integrity: RunKind = {
  files: () => ['report.json', 'report.pdf', ...TABLES.map(({ file }) => file)],
  async make(ctx, { period, scope, definition, chains, settled }, out) {
    if (!definition) throw new Error('a report of every record is of what agents did');
    const { name, timeZone, bom } = definition;
    const generatedAt = ctx.now().toISOString();
    const about = { definition: { name, scope: definition.scope, timeZone }, period, generatedAt };
    const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-integrity-'));
    try {
      // Read once: every table is of the same moment.
      const known = new SpooledRows<IntegrityOfChain>(path.join(folder, 'chains.ndjson'));
      for await (const chain of integrityOfChains(ctx, period, scope))
        for (const one of settled ? settledChain(chain, settled) : [chain]) await known.add(one);
      const report = await integrityReport(known.read(), about);
      await out.add('report.json', integrityJson(report));
      await out.stream('report.pdf', await integrityPdf(ctx, report));
      for (const { file, columns, rows } of TABLES)
        await out.table(file, (onRow) => csvStream(counted(rowsOf(known.read(), rows), onRow), columns, { bom }));
      const { totals } = report;
      return (
        totals.chains === chains.length && totals.records === chains.reduce((sum, { inPeriod }) => sum + inPeriod, 0)
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  headline(report) {
    const { totals } = IntegrityReport.parse(report);
    return [
      { label: 'Chains', value: totals.chains },
      { label: 'Records', value: totals.records },
      { label: 'Records not signed', value: totals.unattested },
      { label: 'Problems', value: totals.problems },
      { label: 'Restarts', value: totals.restarts },
      { label: 'Gaps in time', value: totals.timeGaps },
    ];
  },
};

async function* rowsOf(
  chains: AsyncIterable<IntegrityOfChain>,
  rows: (chain: IntegrityOfChain) => CsvRow[],
): AsyncGenerator<CsvRow> {
  for await (const chain of chains) yield* rows(chain);
}
