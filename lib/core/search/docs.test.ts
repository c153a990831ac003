import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { COLUMNS } from '../event/fields';
import { SEARCH_FIELDS } from './fields';
import { parseSearch } from './parse';

const DOC = readFileSync(path.resolve(import.meta.dirname, '../../../docs/search.md'), 'utf8');

it('every search docs/search.md shows is one', () => {
  const shown = [...DOC.matchAll(/^\| `(.+?)` \|/gm)].map(([, search = '']) => search);
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.map((search) => parseSearch(search).search.kind)).not.toContain('all');
});

it('every short name is told of there', () => {
  const names = new Set<string>(COLUMNS.map(({ name }) => name));
  const short = SEARCH_FIELDS.flatMap((field) => field.names).filter((name) => !names.has(name));
  expect(short.filter((name) => !DOC.includes(`\`${name}\``))).toEqual([]);
});
