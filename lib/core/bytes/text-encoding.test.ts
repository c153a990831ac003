import { expect, it } from 'vitest';
import { foreignEncoding } from './text-encoding';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const json = '{"audit_schema":1,"ts":"2026"}\n';

it.each([
  ['UTF-16LE with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(json)]), 'UTF-16'],
  ['UTF-16BE with a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(json).swap16()]), 'UTF-16'],
  ['UTF-16LE without', utf16(json), 'UTF-16'],
  ['UTF-16BE without', utf16(json).swap16(), 'UTF-16'],
  ['UTF-32LE', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'UTF-32'],
  ['UTF-8', Buffer.from(json), null],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${json}`), null],
  ['zeros', Buffer.alloc(64), null],
  ['a zero byte here and there', Buffer.from('{\0"a":1}'), null],
  ['nothing', Buffer.alloc(0), null],
])('%s', (_, head, encoding) => {
  expect(foreignEncoding(head)).toBe(encoding);
});
