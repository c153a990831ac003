import { createLineSplitter, isBlank } from '../../../core/bytes/lines';
import { type JsonObject, readObject } from '../../../core/formats/read-line';
import type { LogFile } from '../../log/log-source';

/** Calls `onObject` for every line of a log that is a JSON object, in order. */
export async function eachObject(plain: LogFile, onObject: (record: JsonObject) => void): Promise<void> {
  const splitter = createLineSplitter((line) => {
    const record = isBlank(line) || line.tooLong ? null : read(line.bytes);
    if (record) onObject(record);
  });
  for await (const chunk of plain.open()) splitter.push(chunk);
  splitter.end();
}

function read(line: Uint8Array): JsonObject | null {
  try {
    return readObject(line);
  } catch {
    return null; // no record: told where the log is walked
  }
}
