import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EXTENSIONS, KINDS, SIGMA_KINDS, kindOf } from '.';
import { MEASURED } from './measures';

it('lists every kind there is, each with its section and with what its findings state', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) =>
      /^[a-z-]+\.ts$/.test(name) &&
      !/^(index|kind|hits|measures|section|added|ranked|billionths|past|baseline-over)\.ts$|-(sql|oracle)\.ts$/.test(
        name,
      ),
  );
  const types = files.map((name) => name.replace('.ts', '').replaceAll('-', '_')).toSorted();
  expect(KINDS.map(({ type }) => type).toSorted()).toEqual(types);
  expect(SIGMA_KINDS.map(({ schema }) => schema.shape.type.value)).toEqual(SIGMA_KINDS.map(({ type }) => type));
  expect(KINDS).toHaveLength(SIGMA_KINDS.length + EXTENSIONS.length);
  expect(Object.keys(MEASURED)).toEqual(types);
});

it('has no kind that it does not list', () => {
  expect(() => kindOf({ type: 'no_kind' })).toThrow('there is no kind of rule no_kind');
});
