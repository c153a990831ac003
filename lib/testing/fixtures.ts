import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FormatId } from '../core/chain/format';

const root = fileURLToPath(new URL('../core/formats/', import.meta.url));

/** The bytes of a fixture; `name` without `.jsonl`. */
export function fixture(format: FormatId, name: string): Buffer {
  return readFileSync(`${root}${format}/fixtures/${name}.jsonl`);
}

/** A fixture that is no log, as text. */
export function fixtureText(format: FormatId, file: string): string {
  return readFileSync(`${root}${format}/fixtures/${file}`, 'utf8');
}

export function fixtureFolder(format: FormatId): string {
  return `${root}${format}/fixtures`;
}

export function fixtureNames(format: FormatId): string[] {
  return readdirSync(`${root}${format}/fixtures`)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.replace('.jsonl', ''))
    .toSorted();
}

/** What the reference verifier says of a sample, each format in its own words. */
export type Expected = {
  ok?: boolean;
  line?: number | null;
  reason?: string | null;
  crash?: string;
  error_count?: number;
  errors?: { line: number; detail: string; warning?: boolean }[];
  without_session_json?: NonoExpected;
  with_session_json?: NonoExpected;
  status?: 'ok' | 'no_chain' | 'partial' | 'corrupt' | 'failed';
  bad_event?: number;
  chain_start_event?: number;
  detail?: string;
  stdout?: string;
};

type NonoExpected = { err?: string; line?: number; detail?: string; event_count?: number };

export function expectedOf(format: FormatId, file: string): Expected {
  const { verdicts }: { verdicts: Record<string, Expected> } = JSON.parse(
    readFileSync(`${root}${format}/fixtures/expected.json`, 'utf8'),
  );
  const expected = verdicts[file];
  if (!expected) throw new RangeError(`expected.json of ${format} says nothing of ${file}`);
  return expected;
}

/** Formats that have fixtures. */
export function fixtureFormats(): string[] {
  return readdirSync(root)
    .filter((name) => existsSync(`${root}${name}/fixtures`))
    .toSorted();
}
