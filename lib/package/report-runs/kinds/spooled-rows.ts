import { createReadStream } from 'node:fs';
import { appendFile } from 'node:fs/promises';

/** Rows of any number in a file, in the order in which they were added; each is small enough to be held. Can be read again. */
export class SpooledRows<Row> {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async add(row: Row): Promise<void> {
    await appendFile(this.#file, `${JSON.stringify(row)}\n`);
  }

  /** Nothing is added after. */
  async *read(): AsyncGenerator<Row, void, undefined> {
    await appendFile(this.#file, ''); // of no row there is no file yet
    let rest = '';
    for await (const chunk of createReadStream(this.#file, { encoding: 'utf8' })) {
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as Row; // as it was added
    }
  }
}
