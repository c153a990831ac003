import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeStatement, predicateLabel } from '../describe';
import { COMPANIONS, PREDICATES, predicateOf } from './index';

const FOLDER = import.meta.dirname;
const DOC = readFileSync(path.resolve(FOLDER, '../../../../docs/attestations.md'), 'utf8');
const files = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !['index.ts', 'predicate.ts'].includes(file))
  .map((file) => path.parse(file).name);

describe('the list of predicates', () => {
  it.each(files)('has the one of %s', async (file) => {
    const exported: Record<string, unknown> = await import(/* @vite-ignore */ path.join(FOLDER, `${file}.ts`));
    expect(Object.values(exported).filter((value) => PREDICATES.some((known) => known === value))).toHaveLength(1);
  });

  it('has no other, and none twice', () => {
    const types = PREDICATES.flatMap(({ type, olderTypes }) => [type, ...olderTypes]);
    expect(PREDICATES).toHaveLength(files.length);
    expect(new Set(types).size).toBe(types.length);
    expect(new Set(COMPANIONS.map(({ id }) => id)).size).toBe(COMPANIONS.length);
  });
});

describe.each(PREDICATES)('$label', ({ type, olderTypes, label, schema, madeAt }) => {
  it('is found by its type, and called by its name', () => {
    for (const each of [type, ...olderTypes]) expect(predicateLabel(each)).toBe(label);
  });

  it('says when it was made by a member of its schema, or not at all', () => {
    const members = Object.keys(schema.toJSONSchema({ unrepresentable: 'any', io: 'input' }).properties ?? {});
    expect(members).toEqual(expect.arrayContaining(madeAt === null ? [] : [madeAt]));
    expect(madeAt === null && members.some((member) => /^(\w+At|time\w+|generated_at)$/.test(member))).toBe(false);
  });

  it('is not read when it breaks its schema, and is nothing in favour then', () => {
    expect(() =>
      describeStatement({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [],
        predicateType: type,
        predicate: { odd: 1 },
      }),
    ).toThrow('does not follow its schema');
    expect(predicateOf(type)?.favours({ odd: 1 })).toBeNull();
  });

  it('is specified, here when it is ours, and told in docs/attestations.md', () => {
    const [, name = '', version = ''] = /([^/]+)\/(v[\d.]+)$/.exec(type) ?? [];
    const ours = type.startsWith('https://sealtrail.dev/');
    expect(['.md', '.schema.json'].map((ending) => existsSync(path.join(FOLDER, name + ending)))).toEqual([ours, ours]);
    expect(DOC.toLowerCase().replaceAll(/[ _/]+/g, '-')).toMatch(
      new RegExp(`${name.replaceAll('_', '-')}[^|]*${version.replace('.', String.raw`\.`)}`),
    );
  });
});

it('knows no other type', () => {
  expect(predicateOf('https://example.org/other/v1')).toBeNull();
  expect(predicateOf('toString')).toBeNull();
});
