import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Chain, RecordDetail, RecordPage } from '@/lib/schemas/chains';
import { EventHistogram, EventsPage, Facets, SearchProgress } from '../events';
import type * as rightSearch from '../right-search';
import { RuleCheck, RuleImport, RulePreview } from '../rules';
import { SampleStep } from '../sample';
import { SessionGroups, SessionSteps } from '../sessions';
import { View, ViewList } from '../views';
import { type Reader, type Shape, reader } from './reader';

type JsonSchema = Record<string, unknown>;
/** What pages read before anybody has used them, by the file it is written to. */
const FILES: Record<string, Record<string, z.ZodType>> = {
  chain: { Chain },
  record: { RecordDetail },
  records: { RecordPage },
  events: { EventHistogram, EventsPage, Facets, SearchProgress },
  sessions: { SessionGroups, SessionSteps },
  views: { View, ViewList },
  rules: { RuleCheck, RulePreview, RuleImport },
  sample: { SampleStep },
};
/** The file of `lib/schemas` they are of, where that has another name. */
const OF: Record<string, string> = { chain: 'chains', record: 'chains', records: 'chains' };
/** What a schema says in code, by its name in `right-search.ts`. */
const RIGHT: Record<string, keyof typeof rightSearch> = { View: 'isRightView', ViewList: 'areRightViews' };
const SAFE = Number.MAX_SAFE_INTEGER;
/** What a shape has of JSON Schema. */
const SHAPE_KEYS = new Set([
  'type',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'items',
  'minItems',
  'maxItems',
  'properties',
  'required',
  'additionalProperties',
  'propertyNames',
  'anyOf',
]);
/** Formats have their patterns beside them. */
const SAYS_NOTHING = new Set(['$schema', '~standard', 'format', 'description', 'default']);

/** The shape of what a schema makes. Throws at what a shape cannot say: code, but for what `RIGHT` names. */
function shapeOf(schema: z.ZodType): Shape {
  return clean({ ...z.toJSONSchema(schema, { io: 'output' }) });
}

function clean({ type, ...rest }: JsonSchema): Shape {
  if (Array.isArray(type)) return { anyOf: type.map((each) => clean({ ...rest, type: each })) };
  const entries = Object.entries({ type, ...rest }).flatMap(([key, value]): [string, unknown][] => {
    if (SAYS_NOTHING.has(key) || value === undefined) return [];
    if ((key === 'minimum' && value === -SAFE) || (key === 'maximum' && value === SAFE)) return [];
    // members that are not named are left out, as zod does
    if (key === 'additionalProperties' && value === false) return [];
    if (!SHAPE_KEYS.has(key)) throw new Error(`a shape cannot say ${key}`);
    if (key === 'properties')
      return [
        [key, Object.fromEntries(Object.entries(value as object).map(([k, of]) => [k, clean(of as JsonSchema)]))],
      ];
    if (key === 'anyOf') return [[key, (value as JsonSchema[]).map(clean)]];
    return [[key, Array.isArray(value) || typeof value !== 'object' ? value : clean(value as JsonSchema)]];
  });
  return Object.fromEntries(entries);
}

const fileOf = (name: string) => path.join(import.meta.dirname, `${name}.ts`);

function asModule(file: string, schemas: Record<string, z.ZodType>): string {
  const right = Object.keys(schemas).flatMap((name) => RIGHT[name] ?? []);
  return [
    `// Written from ../${OF[file] ?? file}.ts by browser.test.ts, as CONTRIBUTING.md says.`,
    `import type * as z from 'zod';`,
    `import type * as schemas from '@/lib/schemas/${OF[file] ?? file}';`,
    ...(right.length > 0 ? [`import { ${right.join(', ')} } from '../right-search';`] : []),
    `import { reader } from './reader';`,
    '',
    ...Object.entries(schemas).map(([name, schema]) => {
      const shape = JSON.stringify(shapeOf(schema));
      return `export type ${name} = z.infer<typeof schemas.${name}>;\nexport const ${name} = reader<${name}>(${shape}${RIGHT[name] ? `, ${RIGHT[name]}` : ''});`;
    }),
    '',
  ].join('\n');
}

if (process.env['SEALTRAIL_WRITE_DOCS'])
  for (const [file, schemas] of Object.entries(FILES)) writeFileSync(fileOf(file), asModule(file, schemas));

/** What is of a shape; strings of a pattern by the pattern. */
function valueOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.anyOf) return fc.oneof(...shape.anyOf.map(valueOf));
  if (shape.enum) return fc.constantFrom(...shape.enum);
  const { minimum: min = -1000, maximum: max = 1000, minItems = 0, maxItems = 3 } = shape;
  switch (shape.type) {
    case 'string':
      return shape.pattern === undefined ? fc.string() : fc.constantFrom(...texts(shape.pattern));
    case 'integer':
      return fc.integer({ min, max });
    case 'number':
      return fc.double({ min, max, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf(shape.items ?? {}), { minLength: minItems, maxLength: Math.min(maxItems, 3) });
    case 'object':
      if (!shape.properties)
        return fc.dictionary(
          valueOf(shape.propertyNames ?? {}) as fc.Arbitrary<string>,
          valueOf(shape.additionalProperties ?? {}),
        );
      return fc.record(Object.fromEntries(Object.entries(shape.properties).map(([key, of]) => [key, valueOf(of)])), {
        requiredKeys: [...(shape.required ?? [])],
      });
    case undefined:
      return fc.jsonValue();
  }
}

const TEXTS = [
  '01890000-0000-7000-8000-000000000000',
  '2026-05-18T08:00:00Z',
  '2024-02-29T23:59:59.999999999Z',
  '2026-05-18',
  'a'.repeat(64),
];
function texts(pattern: string): string[] {
  const fitting = TEXTS.filter((text) => new RegExp(pattern).test(text));
  if (fitting.length === 0) throw new Error(`no text here is ${pattern}`);
  return fitting;
}

const ODD = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom(...TEXTS, '2026-02-30T08:00:00Z', '2026-05-18T08:00:00+02:00', 2 ** 53, 1.5, -1, '', null, [], {}),
);
/** The value with one place of it, which the numbers choose, replaced, gone or added. */
function changed(value: unknown, [at = 0, ...more]: readonly number[], odd: unknown, kind: number): unknown {
  const isList = Array.isArray(value);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return odd;
  const entries = Object.entries(value);
  const place = at % entries.length;
  if (more.length > 0 && typeof entries[place]?.[1] === 'object' && entries[place][1] !== null)
    entries[place] = [entries[place][0], changed(entries[place][1], more, odd, kind)];
  else if (kind === 0) entries.splice(place, 1);
  else if (kind === 1 && !isList) entries.push(['not named', odd]);
  else entries[place] = [entries[place]?.[0] ?? '', odd];
  return isList ? entries.map(([, of]) => of) : Object.fromEntries(entries);
}

function outcome(read: Reader<unknown>, value: unknown): unknown {
  try {
    return { read: read.parse(value) };
  } catch {
    return 'refused';
  }
}

describe.each(Object.entries(FILES))('%s', (file, schemas) => {
  it('what browsers read answers with is what the schemas say', async () => {
    expect(Object.keys((await import(fileOf(file))) as object).toSorted()).toEqual(Object.keys(schemas).toSorted());
    const squeezed = (text: string) => text.replaceAll(/[\s'",\\]/g, '');
    expect(squeezed(readFileSync(fileOf(file), 'utf8'))).toBe(squeezed(asModule(file, schemas)));
  });
  it.each(Object.entries(schemas))('%s reads and refuses what its schema does', async (name, schema) => {
    const shape = shapeOf(schema);
    const browser = ((await import(fileOf(file))) as Record<string, Reader<unknown>>)[name] ?? reader({});
    fc.assert(
      fc.property(
        valueOf(shape),
        fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }),
        ODD,
        fc.nat(3),
        (value, at, odd, kind) => {
          expect(outcome(browser, value)).toEqual(outcome(schema, value));
          const other = changed(value, at, odd, kind);
          expect(outcome(browser, other)).toEqual(outcome(schema, other));
        },
      ),
    );
  });
});

it('what is not of the shape is refused with its place', () => {
  const read = reader({ type: 'object', properties: { items: { type: 'array', items: { type: 'integer' } } } });
  expect(() => read.parse({ items: [1, 'two'] })).toThrow('items.1');
});
