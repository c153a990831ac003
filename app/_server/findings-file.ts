import 'server-only';
import type { FindingsFile } from '@/lib/reports/findings-files';
import { fileAnswer } from './file-answer';

export const SARIF_TYPE = 'application/sarif+json';

/** Findings as a file to save, streamed, with their number. */
export function findingsAnswer(
  { rows, stream }: FindingsFile,
  file: { name: string; type: string },
): Promise<Response> {
  return fileAnswer(stream, { ...file, headers: { 'X-Total-Count': String(rows) } });
}

/** Of a route that answers with `findingsAnswer`. */
export function findingsAnswers(is: string, type: string) {
  return { 200: { is, types: [type], headers: { 'X-Total-Count': 'How many match' } } } as const;
}
