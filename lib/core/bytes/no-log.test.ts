import { expect, it } from 'vitest';
import { noLog } from './no-log';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

it.each([
  ['\u0089PNG\r\n\u001a\n', 'a PNG image, not a log'],
  ['\u00ff\u00d8\u00ff\u00e0', 'a JPEG image, not a log'],
  ['%PDF-1.7', 'a PDF document, not a log'],
  ['SQLite format 3\0', 'an SQLite database, not a log'],
  ['<!DOCTYPE html>', 'an HTML page, not a log'],
  ['\u007fELF', 'a program, not a log'],
])('%j begins what is told by its name', (head, what) => {
  expect(noLog(latin1(head))).toMatchObject({ kind: 'other', what });
});

it.each(['{"a":1}\n', '', ' {"a":1}', 'PNG'])('%j may be a log', (head) => {
  expect(noLog(latin1(head))).toBeNull();
});
