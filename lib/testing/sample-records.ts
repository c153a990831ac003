import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createLineSplitter } from '../core/bytes/lines';
import { type JsonObject, readRecord } from '../core/formats/read-line';

const FORMATS_FOLDER = path.resolve(import.meta.dirname, '../core/formats');

/** Every record of every sample of a format. Some samples hold lines that are no record; those are left out. */
export function sampleRecords(format: string): JsonObject[] {
  const folder = path.join(FORMATS_FOLDER, format, 'fixtures');
  const records: JsonObject[] = [];
  const splitter = createLineSplitter(({ bytes }) => {
    const read = readRecord(bytes);
    if ('record' in read) records.push(read.record);
  });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(jsonl|ndjson)$/.test(name),
  );
  for (const file of files) {
    splitter.push(readFileSync(path.join(folder, file)));
    splitter.push(Buffer.from('\n'));
  }
  splitter.end();
  return records;
}
