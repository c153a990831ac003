import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MAX_LINE_BYTES } from '@/lib/core/bytes/limits';
import { endOfLine } from '@/lib/core/bytes/newline';
import { MOST_SAMPLED, SAMPLE_METHOD, SEED_PATTERN, createDraw } from '@/lib/core/sampling/draw';
import { many } from '@/lib/core/text/words';
import { RecordSample } from '@/lib/core/sampling/record-sample';
import { CliError } from './cli-error';
import { print, visible } from './output';
import { HIDDEN, showProgress } from './progress';
import { readText, unreadable } from './read-text';

export type Options = { seed: string; size: string; check?: string; json?: true };

/** Characters of a record that are shown. */
const SHOWN = 120;

/** Draws, prints what was drawn, and sets the exit status. */
export async function sample(file: string, options: Options): Promise<void> {
  const { seed, check } = options;
  const size = Number(options.size);
  if (!SEED_PATTERN.test(seed))
    throw new CliError('a seed is 1 to 128 letters, digits, dots, colons, dashes and underscores');
  if (!Number.isInteger(size) || size < 1 || size > MOST_SAMPLED)
    throw new CliError(`--size is a whole number from 1 to ${MOST_SAMPLED}`);
  const stated = check === undefined ? null : await readSample(check);
  const { population, drawn } = await drawFrom(file, { seed, size });
  const differences = stated === null ? null : differencesOf(stated, { seed, size, population, drawn });
  if (options.json)
    await print(
      `${JSON.stringify({ population, seed, size, method: SAMPLE_METHOD, records: drawn.map(({ rank, line }) => ({ rank, line })), ...(differences && { ok: differences.length === 0, differences }) })}\n`,
    );
  else
    await print(
      [
        `${many(population.records, 'record')}, SHA-256 ${population.sha256}`,
        ...drawn.map(({ rank, line, of }) => `${rank} line ${line}  ${shown(of)}`),
        ...(differences === null ? [] : differences.length === 0 ? [`as in ${visible(check ?? '')}`] : differences),
        '',
      ].join('\n'),
    );
  process.exitCode = differences === null || differences.length === 0 ? 0 : 1;
}

async function drawFrom(file: string, { seed, size }: { seed: string; size: number }) {
  const draw = createDraw<Buffer>(() => createHash('sha256'), { seed, size });
  let doneBytes = 0;
  let progress = HIDDEN;
  try {
    progress = showProgress(process.stderr, (await stat(file)).size, () => doneBytes);
    for await (const line of linesOf(file)) {
      doneBytes += line.length + 1;
      draw.push(line, Buffer.from(line.subarray(0, 4 * SHOWN))); // not all that was read with it
    }
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    progress.end();
  }
  return draw.result();
}

/** Lines as they are between newlines: a CR is part of one. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let number = 1;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes: Buffer = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let from = 0;
    for (let end = endOfLine(bytes, from); end !== 0; end = endOfLine(bytes, from)) {
      yield bytes.subarray(from, end - 1);
      from = end;
      number += 1;
    }
    held = bytes.subarray(from);
    if (held.length > MAX_LINE_BYTES)
      throw new CliError(`${file} is no list of records: line ${number} is longer than any`);
  }
  if (held.length > 0) throw new CliError(`${file} was cut off: line ${number} ends without a newline`);
}

async function readSample(file: string): Promise<RecordSample> {
  try {
    return RecordSample.parse(JSON.parse(await readText(file)));
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`${file} is no sample`);
  }
}

type Found = ReturnType<ReturnType<typeof createDraw<Buffer>>['result']> & { seed: string; size: number };

/** In words, each with both values. */
function differencesOf(stated: RecordSample, found: Found): string[] {
  const said: [what: string, stated: unknown, found: unknown][] = [
    ['seed', stated.seed, found.seed],
    ['size', stated.size, found.size],
    ['method', stated.method, SAMPLE_METHOD],
    ['records of the population', stated.population.records, found.population.records],
    ['SHA-256 of the population', stated.population.sha256, found.population.sha256],
    ['records drawn', stated.records.length, found.drawn.length],
    ...found.drawn.map(({ rank, line }, index): [string, unknown, unknown] => [
      `record ${index + 1}`,
      `${stated.records[index]?.rank} line ${stated.records[index]?.line}`,
      `${rank} line ${line}`,
    ]),
  ];
  return said.flatMap(([what, is, found]) => (is === found ? [] : [`differs: ${what}: stated ${is}, found ${found}`]));
}

function shown(line: Buffer): string {
  const text = visible(line.toString('utf8'));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
