import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FINDING_COLUMNS, INTEGRITY_COLUMNS, LOOK_COLUMNS, RECORD_COLUMNS } from './csv';
import { EVIDENCE_COLUMNS, TIMELINE_COLUMNS } from './incident/incident-csv';
import { CHAIN_COLUMNS, HEAD_COLUMNS, PROBLEM_COLUMNS, STATEMENT_COLUMNS } from './integrity/integrity-report';
import { USAGE_COLUMNS } from './usage/usage';

const DOCUMENT = readFileSync(path.resolve(import.meta.dirname, '../../docs/reports.md'), 'utf8');

it.each([
  ['`access-log.csv`, `blocked.csv`, `secret-events.csv`', RECORD_COLUMNS],
  ['`findings.csv`', FINDING_COLUMNS],
  ['`rule-looks.csv`', LOOK_COLUMNS],
  ['`integrity.csv`', INTEGRITY_COLUMNS],
  ['`chains.csv`', CHAIN_COLUMNS],
  ['`problems.csv`', PROBLEM_COLUMNS],
  ['`heads.csv`', HEAD_COLUMNS],
  ['`statements.csv`', STATEMENT_COLUMNS],
  ['`usage.csv`', USAGE_COLUMNS],
  ['`evidence.csv`', EVIDENCE_COLUMNS],
  ['`timeline.csv`', TIMELINE_COLUMNS],
])('the columns of %s stand in docs/reports.md, in their order', (tables, columns) => {
  expect(DOCUMENT).toContain(`| ${tables} | ${columns.map((name) => `\`${name}\``).join(', ')} |\n`);
});
