import { type FileKind, fileKindOf } from './file-kind';
import { foreignEncoding } from './text-encoding';

/** What plain bytes are when they are plainly no lines of UTF-8: `what` ends "this is …", `advice` says what to do. */
export type NoLog = { kind: FileKind | 'UTF-16' | 'UTF-32'; what: string; advice: string };

const KINDS = {
  gzip: 'compressed with gzip',
  zstd: 'compressed with zstd',
  bzip2: 'compressed with bzip2',
  xz: 'compressed with xz',
  zip: 'a ZIP archive, not a log',
  tar: 'a tar archive, not a log',
} as const;
const WRITERS = { 'UTF-16': "as Windows PowerShell's > writes it", 'UTF-32': 'which no guardrail writes' } as const;

/** Null for what may be a log. Its first bytes are enough, what is undone where it is read having been undone. */
export function noLog(head: Uint8Array): NoLog | null {
  const kind = fileKindOf(head);
  if (kind) return { kind, what: KINDS[kind], advice: 'unpack it first' };
  const encoding = foreignEncoding(head);
  return (
    encoding && {
      kind: encoding,
      what: `${encoding} text, ${WRITERS[encoding]}`,
      advice: `use the file as the tool wrote it, or convert it with iconv -f ${encoding} -t UTF-8`,
    }
  );
}
