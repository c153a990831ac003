import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const rows = readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| attack'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('every test that is said to stand behind a protection is there', () => {
  const named = rows.flatMap(([, attack = '', , tests = '']) => {
    let file = '';
    return tests.split(';').map((part) => {
      const [, at, title = ''] = /^\s*(?:`([^`]+)`:)?\s*(.+?)\s*$/.exec(part) ?? [];
      file = at ?? file;
      return { attack, file, title };
    });
  });
  const missing = named.filter(({ file, title }) => !readFileSync(path.join(ROOT, file), 'utf8').includes(title));
  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThan(15);
});
