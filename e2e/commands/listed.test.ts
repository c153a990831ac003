import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { documented, isFile, isText, NOT_RUN, PRINTED, printed, ranBy, RUN, RUN_BY } from './listed';

const DOCUMENTED = documented();
const SAID = printed();

it('every command of a document is run by a test, or listed with the reason why not', () => {
  expect(
    DOCUMENTED.filter(
      ({ file, text }) =>
        ranBy(file, text) === null && !NOT_RUN.some((row) => row.file === file && isText(row.text, text)),
    ),
  ).toEqual([]);
});

it('every command the product prints is run by a test, or listed with the reason why not', () => {
  expect(
    SAID.filter(({ file, text }) => !PRINTED.some((row) => isFile(row.file, file) && text.startsWith(row.text))),
  ).toEqual([]);
});

it('nothing is listed that no document or text has any more, and every test named is there', () => {
  const rows = Object.values(RUN).flatMap((files) =>
    Object.entries(files).flatMap(([file, beginnings]) => beginnings.map((text) => ({ file, text }))),
  );
  expect(
    rows.filter((row) => !DOCUMENTED.some(({ file, text }) => file === row.file && text.startsWith(row.text))),
  ).toEqual([]);
  expect(
    NOT_RUN.filter((row) => !DOCUMENTED.some(({ file, text }) => file === row.file && isText(row.text, text))),
  ).toEqual([]);
  expect(
    PRINTED.filter((row) => !SAID.some(({ file, text }) => isFile(row.file, file) && text.startsWith(row.text))),
  ).toEqual([]);
  const tests = [...Object.values(RUN_BY), ...PRINTED.flatMap(({ by }) => by ?? [])];
  expect(tests.filter((test) => !existsSync(path.resolve(import.meta.dirname, '../..', test)))).toEqual([]);
  expect(PRINTED.filter(({ by, reason }) => (by === undefined) === (reason === undefined))).toEqual([]);
});
