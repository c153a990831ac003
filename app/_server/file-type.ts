import path from 'node:path';
import { CSV_TYPE } from './csv';
import { SARIF_TYPE } from './findings-file';

/** By the ending of a file's name. */
const TYPES: Readonly<Record<string, string>> = {
  '.csv': CSV_TYPE,
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.pdf': 'application/pdf',
  '.sarif': SARIF_TYPE,
  '.zip': 'application/zip',
};

/** Media types of the files of a report that is kept. */
export const RUN_FILE_TYPES = ['application/json', 'application/pdf', SARIF_TYPE, 'application/x-ndjson', 'text/csv'];

/** The media type of a file of a report or a package. */
export function fileType(name: string): string {
  return TYPES[path.extname(name)] ?? 'application/octet-stream';
}
