import type { Problem } from '@/lib/core/chain/problem';
import type { VerifiedLog } from '@/lib/verify/local/verify-log';

/** One log as one line of JSON, in pieces: however many problems there are, few are held at a time. A log that could not be checked has nulls. */
export async function* jsonLine(
  { file, files }: { file: string; files: readonly string[] },
  log: VerifiedLog | null,
): AsyncGenerator<string> {
  const before = {
    file,
    format: log?.format ?? null,
    verdict: log?.verdict ?? null,
    records: log?.records ?? null,
    bytes: log?.sizeBytes ?? null,
    firstRecordedAt: log?.firstRecordedAt ?? null,
    lastRecordedAt: log?.lastRecordedAt ?? null,
    head: log?.head ?? null,
  };
  yield `${JSON.stringify(before).slice(0, -1)},"problems":[`;
  let separator = '';
  for await (const problem of log?.problems() ?? []) {
    yield separator + problemText(problem);
    separator = ',';
  }
  const after = {
    problemCounts: log?.problemCounts ?? {},
    referenceVerifier: log?.referenceVerifier ?? null,
    files: files.map((name, index) => ({
      file: name,
      bytes: log?.files[index]?.sizeBytes ?? null,
      lines: log?.files[index]?.lines ?? null,
      records: log?.files[index]?.records ?? null,
    })),
    checkedSidecars: (log?.checkedSidecars ?? []).map(({ kind, file: sidecarFile, holds, message, facts }) => ({
      kind,
      file: sidecarFile,
      holds,
      message,
      ...facts,
    })),
  };
  yield `],${JSON.stringify(after).slice(1)}\n`;
}

function problemText({
  code,
  severity,
  record,
  line,
  byteOffset,
  byteLength,
  expected,
  found,
  message,
}: Problem): string {
  return JSON.stringify({ code, severity, record, line, byteOffset, byteLength, expected, found, message });
}
