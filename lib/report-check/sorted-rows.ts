import 'server-only';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';

/** Rows, and characters of them, that are sorted in memory at once. */
const CHUNK_ROWS = 50_000;
const CHUNK_CHARACTERS = 64 * 1024 * 1024;
/** Files that are read together. */
const MOST_FILES = 64;

type Keyed = { key: string; text: string };

/** Rows of any number in the order of their keys, in files of a folder: little of them is held in memory. Keys hold neither tab nor newline, and are compared by UTF-16 unit. */
export class SortedRows<Row> {
  #held: Keyed[] = [];
  #heldCharacters = 0;
  #files: string[] = [];
  #made = 0;
  readonly #folder: string;
  readonly #chunkRows: number;

  /** `chunkRows` are sorted in memory at once. */
  constructor(folder: string, { chunkRows = CHUNK_ROWS }: { chunkRows?: number } = {}) {
    this.#folder = folder;
    this.#chunkRows = chunkRows;
  }

  async add(key: string, row: Row): Promise<void> {
    const text = JSON.stringify(row);
    this.#held.push({ key, text });
    this.#heldCharacters += key.length + text.length;
    if (this.#held.length >= this.#chunkRows || this.#heldCharacters >= CHUNK_CHARACTERS) await this.#spill();
  }

  /** All rows in order; can be read again. Nothing is added after. */
  async *read(): AsyncGenerator<Row, void, undefined> {
    if (this.#held.length > 0) await this.#spill();
    for await (const { text } of merged(this.#files)) yield JSON.parse(text) as Row; // as it was added
  }

  async #spill(): Promise<void> {
    const rows = this.#held.toSorted(byKey);
    this.#held = [];
    this.#heldCharacters = 0;
    await this.#write(rows);
    if (this.#files.length < MOST_FILES) return;
    const files = this.#files;
    this.#files = [];
    await this.#write(merged(files));
    for (const file of files) await rm(file);
  }

  async #write(rows: Iterable<Keyed> | AsyncIterable<Keyed>): Promise<void> {
    this.#made += 1;
    const file = path.join(this.#folder, `${this.#made}.rows`);
    const out = createWriteStream(file);
    for await (const { key, text } of rows) if (!out.write(`${key}\t${text}\n`)) await once(out, 'drain');
    out.end();
    await finished(out);
    this.#files.push(file);
  }
}

function byKey(a: Keyed, b: Keyed): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

async function* merged(files: readonly string[]): AsyncGenerator<Keyed, void, undefined> {
  const readers = files.map((file) => lines(file));
  try {
    const heads = await Promise.all(readers.map(async (reader) => (await reader.next()).value ?? null));
    for (;;) {
      let least = -1;
      for (const [index, head] of heads.entries())
        if (head && (least === -1 || byKey(head, heads[least] ?? head) < 0)) least = index;
      const row = heads[least];
      if (!row) return;
      yield row;
      heads[least] = (await readers[least]?.next())?.value ?? null;
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return()));
  }
}

/** By newline alone: JSON of a row holds none, and may hold whatever else ends a line elsewhere. */
async function* lines(file: string): AsyncGenerator<Keyed, void, undefined> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const parts = `${rest}${String(chunk)}`.split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      const tab = line.indexOf('\t');
      yield { key: line.slice(0, tab), text: line.slice(tab + 1) };
    }
  }
}
