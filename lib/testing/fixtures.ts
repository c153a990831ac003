import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FormatId } from '../core/chain/format';

const root = fileURLToPath(new URL('../core/formats/fixtures/', import.meta.url));

/** The bytes of a fixture; `name` without `.jsonl`. */
export function fixture(format: FormatId, name: string): Buffer {
  return readFileSync(`${root}${format}/${name}.jsonl`);
}

export function fixtureNames(format: FormatId): string[] {
  return readdirSync(`${root}${format}`)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.replace('.jsonl', ''))
    .toSorted();
}

/** Formats that have fixtures. */
export function fixtureFormats(): string[] {
  return readdirSync(root).toSorted();
}
