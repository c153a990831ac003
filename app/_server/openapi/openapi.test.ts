import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { VERSION } from '@/lib/config/version';
import { ApiDocument, type JsonSchema, OPENAPI_METHODS } from '@/lib/schemas/openapi';
import { operationsOf } from '../declaration';
import { type DeclaredRoute, buildDocument } from './build-document';
import { type SchemaWords, inherited, wordsOf } from './schema-words';
import { type NamedSchemas, UNDESCRIBED } from './to-json-schema';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const DOC = path.join(ROOT, 'docs/openapi.json');
const METHODS = OPENAPI_METHODS.map((method) => method.toUpperCase());

/** Every method of every route file; `null` for one that declares nothing. */
async function routes(): Promise<
  (Omit<DeclaredRoute, 'operations'> & { operations: DeclaredRoute['operations'] | null })[]
> {
  const files = globSync('app/**/route.ts', { cwd: ROOT }).toSorted();
  const found = [];
  for (const file of files) {
    const module = (await import(path.join(ROOT, file))) as Record<string, unknown>; // checked below
    for (const method of METHODS) {
      const answer = module[method];
      if (typeof answer === 'function') found.push({ file, method, operations: operationsOf(answer) });
    }
  }
  return found;
}

/** What the schemas of `lib/schemas` are exported as. */
async function schemaNames(): Promise<NamedSchemas> {
  const names = new Map<z.ZodType, { name: string; words: SchemaWords }>();
  const files = globSync('lib/schemas/*.ts', { cwd: ROOT, exclude: (name) => name.endsWith('.test.ts') }).toSorted();
  for (const file of files) {
    const words = wordsOf(readFileSync(path.join(ROOT, file), 'utf8'));
    const module = (await import(path.join(ROOT, file))) as Record<string, unknown>; // checked here
    for (const [name, value] of Object.entries(module))
      if (value instanceof z.ZodType)
        names.set(value, { name, words: words.get(name) ?? { is: null, fields: {}, inner: {} } });
  }
  const said = inherited(Array.from(names, ([schema, { words }]) => [schema, words] as const));
  return new Map(Array.from(names, ([schema, { name }]) => [schema, { name, words: said.get(schema) }]));
}

const all = await routes();
let document: ApiDocument;
beforeAll(async () => {
  document = buildDocument(
    all.flatMap((route) => (route.operations ? [{ ...route, operations: route.operations }] : [])),
    await schemaNames(),
    { version: VERSION },
  );
  if (process.env['SEALTRAIL_WRITE_DOCS']) writeFileSync(DOC, `${JSON.stringify(document, null, 2)}\n`);
}, 60_000);

const operations = () =>
  Object.entries(document.paths).flatMap(([at, item]) =>
    Object.entries(item).map(([method, operation]) => ({ at, method, operation })),
  );

it('every method of every route declares what it is', () => {
  expect(all.filter(({ operations }) => !operations?.length).map(({ file, method }) => `${method} ${file}`)).toEqual(
    [],
  );
  expect(all.length).toBeGreaterThan(80);
});

it('docs/openapi.json is what the routes declare', () => {
  expect(JSON.parse(readFileSync(DOC, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
});

it('has the structure of OpenAPI 3.1', () => {
  expect(ApiDocument.parse(document)).toEqual(document);
});

describe('the document', () => {
  it('names every operation once, and only what there is', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
    const used = new Set(operations().flatMap(({ operation }) => operation.tags));
    expect(document.tags.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  it('declares every parameter of a path, and no other', () => {
    expect(
      operations().flatMap(({ at, method, operation: { parameters = [] } }) => {
        const inPath = [...at.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const declared = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
        const twice = parameters.length !== new Set(parameters.map((one) => `${one.in} ${one.name}`)).size;
        return inPath.join() === declared.join() && !twice ? [] : [`${method} ${at}`];
      }),
    ).toEqual([]);
  });

  it('has every schema that is referred to, and none that is not', () => {
    const refs = new Set(
      Array.from(JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g), ([, id]) => id),
    );
    expect([...refs].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
  });

  it('describes what code makes of a value, wherever a schema ends in code', () => {
    expect(JSON.stringify(document)).not.toContain(UNDESCRIBED);
  });

  it('states a type of everything that is read or answered, but of what is told to be anything', () => {
    const empty: string[] = [];
    const look = (schema: JsonSchema, at: string) => {
      if (Object.keys(schema).every((key) => key === 'description')) empty.push(at);
      for (const [key, of] of Object.entries(schema.properties ?? {})) look(of, `${at}.${key}`);
      for (const of of [schema.anyOf, schema.oneOf, schema.allOf, schema.prefixItems].flat()) if (of) look(of, at);
      if (schema.items) look(schema.items, `${at}[]`);
    };
    for (const [name, schema] of Object.entries(document.components.schemas)) look(schema, name);
    for (const { operation } of operations())
      for (const { name, schema } of operation.parameters ?? []) look(schema, `${operation.operationId} ${name}`);
    expect(empty).toEqual(['AttestationDetail.statement']);
  });
});

/** `GET /path` of every address in the first cell of a row; methods before one hold for it, and for those after it that have none. */
function addressesOf(row: string): string[] {
  const cell = row.slice(1).split(/(?<!\\)\|/)[0] ?? '';
  const found: string[] = [];
  let methods: string[] = [];
  let isOpen = false;
  for (const [, code = ''] of cell.matchAll(/`([^`]+)`/g)) {
    const [, method, at] = /^([A-Z]+)? ?(\/[^?]*)?/.exec(code) ?? [];
    if (method) methods = [...(isOpen ? methods : []), method];
    isOpen = at === undefined;
    if (at !== undefined) found.push(...methods.map((one) => `${one} ${unnamed(at)}`));
  }
  return found;
}

/** What a parameter is called does not matter. */
function unnamed(at: string): string {
  return at
    .replaceAll(/\{[^}]*\}/g, '{}')
    .replace(/\{\}\.\w+$/, '{}')
    .replace(/…$/, '{}');
}

it('docs/api.md has a row for every operation, and none for what is not there', () => {
  const text = readFileSync(path.join(ROOT, 'docs/api.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => /^\| `[A-Z]/.test(line))
    .flatMap(addressesOf);
  const there = operations().map(({ at, method }) => `${method.toUpperCase()} ${unnamed(at)}`);
  expect(there.filter((one) => !rows.includes(one))).toEqual([]);
  expect(rows.filter((one) => /^[A-Z]+ /.test(one) && !there.includes(one))).toEqual([]);
});
