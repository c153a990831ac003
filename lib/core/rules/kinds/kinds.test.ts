import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KIND_SCHEMAS, KIND_TYPES, kindOf } from '.';
import { MEASURES } from './measures';

it('lists every kind there is, each with its section and with what its findings state', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) => /^[a-z-]+\.ts$/.test(name) && !/^(index|kind|measures)\.ts$|-(sql|oracle)\.ts$/.test(name),
  );
  expect(files.map((name) => name.replace('.ts', '').replaceAll('-', '_'))).toEqual(KIND_TYPES);
  expect(KIND_SCHEMAS.map((schema) => schema.shape.type.value)).toEqual(KIND_TYPES);
  expect(MEASURES.map((measures) => measures.shape.kind.value)).toEqual(KIND_TYPES);
});

it('has no kind that it does not list', () => {
  expect(() => kindOf({ type: 'value_count' })).toThrow('there is no kind of rule value_count');
});
