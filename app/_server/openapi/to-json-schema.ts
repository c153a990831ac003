import 'server-only';
import * as z from 'zod';
import type { JsonSchema } from '@/lib/schemas/openapi';
import { type SchemaWords, annotated } from './schema-words';

/** Stands where a schema ends in code that says nothing of what comes of it: `.meta({ json })` says it. */
export const UNDESCRIBED = 'ends in code';
const REF = '#/components/schemas/';
const SAFE = Number.MAX_SAFE_INTEGER;
/** Their formats say the same. */
const PLAIN_FORMATS = new Set(['uuid', 'date-time', 'email']);

/** What a schema is exported as, and what is said of it there. */
export type NamedSchemas = ReadonlyMap<z.ZodType, { name: string; words?: SchemaWords }>;

/** The named schemas as components, by the form they have in answers, without those that nothing of `used` leads to. */
export function componentsOf(
  names: NamedSchemas,
  used: readonly z.ZodType[],
): { components: Record<string, JsonSchema>; schemaOf: (schema: z.ZodType) => JsonSchema } {
  const registry = z.registry<{ id: string }>();
  for (const [schema, { name }] of names) registry.add(schema, { id: name });
  const words = new Map(Array.from(names.values(), ({ name, words }) => [name, words]));
  const unnamed = new Map(
    [...new Set(used)].filter((schema) => !names.has(schema)).map((schema, at) => [schema, `_${at}`]),
  );
  for (const [schema, id] of unnamed) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...SETTINGS, io: 'output', uri: (id) => `${REF}${id}` });
  const all = new Map(Object.entries(schemas).map(([id, schema]) => [id, annotated(tidy(schema), words.get(id))]));
  const schemaOf = (schema: z.ZodType): JsonSchema => {
    const name = names.get(schema)?.name;
    return name ? { $ref: `${REF}${name}` } : (all.get(unnamed.get(schema) ?? '') ?? {});
  };
  const reached = new Set<string>();
  const reach = (schema: JsonSchema): void => {
    for (const [, id = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (reached.has(id)) continue;
      reached.add(id);
      reach(all.get(id) ?? {});
    }
  };
  for (const schema of used) reach(schemaOf(schema));
  return {
    components: Object.fromEntries([...reached].toSorted().map((id) => [id, all.get(id) ?? {}])),
    schemaOf,
  };
}

/** A schema by the form it takes in a request. */
export function requestSchema(schema: z.ZodType, names: NamedSchemas): JsonSchema {
  return annotated(tidy(z.toJSONSchema(schema, { ...SETTINGS, io: 'input' })), names.get(schema)?.words);
}

const SETTINGS = {
  target: 'draft-2020-12',
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    const { def } = zodSchema._zod;
    const described = z.globalRegistry.get(zodSchema)?.['json'];
    const isFlag = def.type === 'pipe' && def.in._zod.def.type === 'string' && def.out._zod.def.type === 'boolean';
    const replaced = described ?? (isFlag ? { type: 'boolean' } : undefined);
    if (replaced !== undefined) {
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, replaced);
    } else if (def.type === 'transform' || def.type === 'custom')
      Object.assign(jsonSchema, { description: UNDESCRIBED });
  },
} as const;

/** Without what says nothing to a reader: identifiers, bounds of every number, patterns of what has a format. */
function tidy(schema: unknown): JsonSchema {
  return clean(schema) as JsonSchema; // as zod writes it, less some members
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, of]) => !['$schema', '$id', 'id', '~standard'].includes(key) || (key === 'id' && typeof of === 'object'),
  );
  const isPlain = 'format' in value && PLAIN_FORMATS.has(String(value.format));
  return Object.fromEntries(
    entries
      .filter(
        ([key, of]) =>
          !(key === 'minimum' && of === -SAFE) &&
          !(key === 'maximum' && of === SAFE) &&
          !(key === 'pattern' && isPlain),
      )
      .map(([key, of]) => [key, clean(of)]),
  );
}
