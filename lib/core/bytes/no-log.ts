import { type FileKind, fileKindOf } from './file-kind';
import { foreignEncoding } from './text-encoding';

/** What plain bytes are when they are plainly no lines of UTF-8: `what` ends "this is …", `advice` says what to do. */
export type NoLog = { kind: FileKind | 'UTF-16' | 'UTF-32' | 'other'; what: string; advice: string };

const KINDS = {
  gzip: 'compressed with gzip',
  zstd: 'compressed with zstd',
  bzip2: 'compressed with bzip2',
  xz: 'compressed with xz',
  zip: 'a ZIP archive, not a log',
  tar: 'a tar archive, not a log',
} as const;
const WRITERS = { 'UTF-16': "as Windows PowerShell's > writes it", 'UTF-32': 'which no guardrail writes' } as const;

/** How files begin that people take for a log by mistake. */
const OTHERS = [
  ['\u0089PNG', 'a PNG image'],
  ['\u00ff\u00d8\u00ff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['%PDF-', 'a PDF document'],
  ['SQLite format 3', 'an SQLite database'],
  ['PAR1', 'a Parquet file'],
  ['\u007fELF', 'a program'],
  ['<!doctype html', 'an HTML page'],
  ['<html', 'an HTML page'],
] as const;
const LONGEST = 16;

/** Null for what may be a log. Its first bytes are enough, what is undone where it is read having been undone. */
export function noLog(head: Uint8Array): NoLog | null {
  const kind = fileKindOf(head);
  if (kind) return { kind, what: KINDS[kind], advice: 'unpack it first' };
  const begins = String.fromCharCode(...head.subarray(0, LONGEST)).toLowerCase();
  const other = OTHERS.find(([signature]) => begins.startsWith(signature.toLowerCase()));
  if (other)
    return {
      kind: 'other',
      what: `${other[1]}, not a log`,
      advice: 'choose the file that the guardrail writes its records to',
    };
  const encoding = foreignEncoding(head);
  return (
    encoding && {
      kind: encoding,
      what: `${encoding} text, ${WRITERS[encoding]}`,
      advice: `use the file as the tool wrote it, or convert it with iconv -f ${encoding} -t UTF-8`,
    }
  );
}
