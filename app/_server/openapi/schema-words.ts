import 'server-only';
import * as z from 'zod';
import type { JsonSchema } from '@/lib/schemas/openapi';

/** What a source file says of a schema it exports, and of its fields: those of its own, and those of objects inside it. */
export type SchemaWords = { is: string | null; fields: Record<string, string>; inner: Record<string, string> };

const NOTHING: SchemaWords = { is: null, fields: {}, inner: {} };
const DECLARATION = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export const (\w+)\b[^\n]*\n?(?:(?!\n\S)[\s\S])*/g;
const FIELD = /^( +)\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n +(\w+):/gm;

/** By the names of the constants a file exports. Code is formatted by a tool, so that a declaration ends before the next line that begins at its edge. */
export function wordsOf(source: string): Map<string, SchemaWords> {
  const words = new Map<string, SchemaWords>();
  for (const [text, is, name = ''] of source.matchAll(DECLARATION)) {
    const found = Array.from(text.matchAll(FIELD), ([, indent = '', said = '', key = '']) => ({
      depth: indent.length,
      key,
      said: sentence(said),
    }));
    const edge = Math.min(...Array.from(text.matchAll(/^( +)\w+:/gm), ([, indent = '']) => indent.length));
    const at = (isOwn: boolean) =>
      Object.fromEntries(found.filter(({ depth }) => (depth === edge) === isOwn).map(({ key, said }) => [key, said]));
    words.set(name, { is: is === undefined ? null : sentence(is), fields: at(true), inner: at(false) });
  }
  return words;
}

/** Also what was said of a field where it was declared, for objects that have all the fields of another. */
export function inherited(named: readonly (readonly [z.ZodType, SchemaWords])[]): Map<z.ZodType, SchemaWords> {
  const objects = named.flatMap(([schema, words]) =>
    schema instanceof z.ZodObject ? [{ ...shapeOf(schema), words }] : [],
  );
  return new Map(
    named.map(([schema, words]) => {
      if (!(schema instanceof z.ZodObject)) return [schema, words];
      const { shape } = shapeOf(schema);
      const from = objects.filter(
        (base) => base.keys.length > 1 && base.keys.every((key) => base.shape[key] === shape[key]),
      );
      return [
        schema,
        { ...words, fields: { ...Object.assign({}, ...from.map(({ words }) => words.fields)), ...words.fields } },
      ];
    }),
  );
}

function shapeOf(schema: z.ZodObject): { shape: Record<string, unknown>; keys: string[] } {
  return { shape: schema.shape, keys: Object.keys(schema.shape) };
}

/** A schema with what is said of it. */
export function annotated(schema: JsonSchema, words: SchemaWords = NOTHING): JsonSchema {
  const { is } = words;
  const own = withFields(schema, words);
  return is === null || own.$ref ? own : { ...own, description: own.description ?? is };
}

/** `fields` are of the objects at hand, and those of `inner` of every object in them. */
function withFields(schema: JsonSchema, words: Pick<SchemaWords, 'fields' | 'inner'>): JsonSchema {
  const { fields, inner } = words;
  const through = (of: JsonSchema): JsonSchema => withFields(of, words);
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([key, of]) => {
          const description = of.description ?? fields[key];
          return [
            key,
            { ...(description !== undefined && { description }), ...withFields(of, { fields: inner, inner }) },
          ];
        }),
      ),
    }),
    ...(schema.items && { items: through(schema.items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(through) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(through) }),
    ...(schema.allOf && { allOf: schema.allOf.map(through) }),
  };
}

/** The text of a comment on one line. */
function sentence(comment: string): string {
  return comment
    .replaceAll(/\n\s*\* ?/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
