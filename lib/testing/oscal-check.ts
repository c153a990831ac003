import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const SCHEMA = path.resolve(import.meta.dirname, '../reports/controls/fixtures/assessment-results-schema.json');

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const isOscal = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));

/** What of a document breaks OSCAL's schema of assessment results, each with its place. */
export function oscalProblems(document: unknown): string[] {
  return isOscal(document)
    ? []
    : (isOscal.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
