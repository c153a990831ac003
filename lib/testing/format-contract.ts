import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EVENT_FIELDS } from '../core/event/fields';
import type { ChainFormat, CheckedRecord, Hasher } from '../core/chain/format';
import { VERDICTS } from '../core/chain/verdict';
import { FORMATS, recogniseAmong } from '../core/formats';
import { lineScanner } from '../core/fastpath/scanner';
import { referenceFindingOf } from './reference-finding';
import { type Verified, briefly, checkBytes, verifySegments } from './verify';

/** `fixtures/cases.json`: what is said of each sample; a problem as `code@line`. */
const Cases = z.array(
  z.strictObject({
    file: z.string(),
    verdict: z.enum(VERDICTS),
    records: z.int(),
    valid: z.int(),
    problems: z.array(z.string()),
    note: z.string().optional(),
  }),
);

/** Samples every format has, and what they come to. */
const NEEDED = {
  valid: ['verified'],
  tampered: ['tampered'],
  reordered: ['tampered'],
  gap: ['gap'],
  'truncated-tail': ['corrupt'],
  empty: ['unchained'],
} as const;

/** What every format does, by nothing but its folder: `fixtures` is where its samples lie, `cases.json` among them what they come to. */
export function formatContract(format: ChainFormat, hasher: Hasher, fixtures: string): void {
  const bytesOf = (file: string) => readFileSync(path.join(fixtures, `${file}.jsonl`));
  const cases = Cases.parse(JSON.parse(readFileSync(path.join(fixtures, 'cases.json'), 'utf8')));
  const valid = bytesOf('valid');
  const lines = valid
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const [first = ''] = lines;
  const check = (line: string | Uint8Array) =>
    format.check(typeof line === 'string' ? Buffer.from(line) : line, hasher);
  const keys = Object.keys(JSON.parse(first));

  describe('its samples', () => {
    it.each(cases)('$file is $verdict', ({ file, verdict, records, valid: validRecords, problems }) => {
      const verified = verifySegments(format, hasher, [bytesOf(file)]);
      expect(briefly(verified.problems)).toEqual(problems);
      expect(verified).toMatchObject({ verdict, records, validRecords });
      expectPlaced(verified, bytesOf(file));
    });

    it.each(cases)('$file comes out the same record by record, and in chunks', ({ file }) => {
      const bytes = bytesOf(file);
      expect(checkBytes(format, hasher, bytes, { chunkBytes: 1000 })).toEqual(
        checkBytes(format, hasher, bytes, { parseEveryRecord: true }),
      );
    });

    it('are all stated, those every format has among them, with where they are from', () => {
      const files = readdirSync(fixtures)
        .filter((file) => file.endsWith('.jsonl'))
        .map((file) => file.replace('.jsonl', ''));
      expect(cases.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
      for (const [file, verdicts] of Object.entries(NEEDED))
        expect(verdicts).toContain(cases.find((each) => each.file === file)?.verdict);
      expect(existsSync(path.join(fixtures, 'SOURCE.md'))).toBe(true);
    });

    it('come out the same cut into segments at the end of any line', () => {
      const whole = verifySegments(format, hasher, [valid]);
      for (const at of [1, Math.floor(lines.length / 2), lines.length - 1]) {
        const cut = Buffer.byteLength(
          lines
            .slice(0, at)
            .map((line) => `${line}\n`)
            .join(''),
        );
        expect(verifySegments(format, hasher, [valid.subarray(0, cut), valid.subarray(cut)])).toEqual(whole);
      }
    });

    it('are read quickly, or record by record where it declares no fast path', () => {
      expect(lineScanner(format) === null).toBe(format.fastpath === undefined);
    });
  });

  describe('its records', () => {
    it('are recognised, and by no other format', () => {
      for (const file of ['valid', 'tampered', 'truncated-tail', 'reordered', 'gap']) {
        const records = bytesOf(file)
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== '')
          .slice(0, 64);
        expect(recognised(format, records)).toBe(format.id);
      }
      expect(recognised(format, ['{}', '{"hash":"x","prev_hash":"y","event":"kb.init"}'])).toBeNull();
    });

    it('of an unbroken log hash as they lie, each naming the one before', () => {
      const records = lines.map((line): CheckedRecord => {
        const read = check(line);
        if (read.kind !== 'record') throw new Error(read.message);
        return read;
      });
      for (const read of records) {
        expect(read).toMatchObject({ computed: read.hash, notes: [] });
        expect(read.hash).toMatch(/^[0-9a-f]{64}$/);
      }
      expect(records.slice(1).map(({ prev }) => prev)).toEqual(records.slice(0, -1).map(({ hash }) => hash));
      expect(Buffer.from(first).subarray(0, format.opening.length).toString('utf8')).toBe(format.opening);
    });

    it('that anybody changed are not proven', () => {
      const [, second = ''] = lines;
      for (const [at, char] of [...second].entries()) {
        if (!/[0-9a-z]/.test(char)) continue;
        const changed = second.slice(0, at) + (char === '1' ? '2' : '1') + second.slice(at + 1);
        const { verdict } = verifySegments(format, hasher, [
          Buffer.from(`${lines.with(1, changed).slice(0, 3).join('\n')}\n`),
        ]);
        expect(verdict === 'verified' ? `${at}: ${changed}` : null).toBeNull();
      }
    });

    it.each<[string, string | Uint8Array, string]>([
      ['null', 'null', 'not-a-record'],
      ['an array', '[1]', 'not-a-record'],
      ['a number', '17', 'not-a-record'],
      ['a string', '"{}"', 'not-a-record'],
      ['broken JSON', '{"a":', 'not-json'],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-utf8'],
      ['two records without a line break', first + first, 'not-json'],
      ['a record behind a torn one', first.slice(0, 60) + first, 'not-json'],
    ])('are not %s', (_, line, code) => {
      expect(check(line)).toMatchObject({ kind: 'unreadable', code });
    });

    it('are read without throwing, whatever the bytes', () => {
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.json().map((text) => Buffer.from(text)),
        fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value))),
      );
      fc.assert(fc.property(bytes, (line) => void check(line)));
      const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
      expect(check(deep).kind).toBe('record');
      expect(['record', 'unreadable']).toContain(check(first.replace('{', `{"deep":${deep},`)).kind);
    });

    it('become events, whatever is in them', () => {
      const values = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
      fc.assert(
        fc.property(
          fc.oneof(
            fc.constantFrom(...lines).map((line): Record<string, unknown> => JSON.parse(line)),
            values,
          ),
          (value) => {
            const event = format.toEvent(value);
            expect(Object.keys(event).toSorted()).toEqual(EVENT_FIELDS.map(({ key }) => key).toSorted());
            const isSound = ([key, found]: [string, unknown]) =>
              typeof found === 'number'
                ? Number.isFinite(found) && found >= 0
                : typeof found === 'string' || (key === 'recordedAt' && found === null);
            expect(Object.entries(event).filter((member) => !isSound(member))).toEqual([]);
            expect(format.recognise(value)).toBeGreaterThanOrEqual(0);
            expect(format.recognise(value)).toBeLessThanOrEqual(1);
          },
        ),
      );
      for (const line of lines) {
        const read = check(line);
        expect(format.toEvent(JSON.parse(line)).recordedAt).toBe(read.kind === 'record' ? read.recordedAt : null);
      }
    });
  });

  it.each(['valid', 'tampered'].filter(() => format.referenceVerifier !== undefined))(
    '%s is passed by the verifier it declares when nothing was altered',
    (file) => {
      expect(referenceFindingOf(format, hasher, bytesOf(file)).verdict === 'ok').toBe(file === 'valid');
    },
  );

  it('has a verifier that passes over records when some are canonical, and no other', () => {
    const walk = format.referenceVerifier?.(hasher);
    expect(walk?.pass !== undefined).toBe(format.fastpath?.canonical !== undefined);
  });

  it('tells its sidecars apart by their names', () => {
    const names = (format.sidecars?.kinds ?? []).flatMap((kind) => (kind.names instanceof RegExp ? [] : kind.names));
    expect(new Set(names).size).toBe(names.length);
    for (const kind of format.sidecars?.kinds ?? []) {
      expect(kind.isOne(undefined)).toBe(false);
      expect(kind.isOne(JSON.parse(first))).toBe(false);
    }
  });
}

/** By this format and the others known, wherever this one is listed. */
function recognised(format: ChainFormat, records: readonly string[]): string | null {
  const listed: readonly ChainFormat[] = FORMATS.some(({ id }) => id === format.id) ? FORMATS : [...FORMATS, format];
  return (
    recogniseAmong(
      listed,
      records.map((line) => Buffer.from(line)),
    )?.id ?? null
  );
}

/** Each problem names the bytes it is about. */
function expectPlaced({ problems }: Verified, bytes: Buffer): void {
  const lines = bytes.toString('latin1').split('\n');
  for (const { line, byteOffset, byteLength } of problems) {
    expect(byteOffset).toBe(lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0));
    expect(byteLength).toBe((lines[line - 1] ?? '').replace(/\r$/, '').length);
  }
}
