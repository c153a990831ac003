import type { JsonSchema } from '@/lib/schemas/openapi';

/** What a value is, in a phrase; a schema with a name leads to it. */
export function SchemaType({ schema }: { schema: JsonSchema }) {
  const { name, isList, isNullable } = lookThrough(schema);
  return (
    <>
      {isList && 'list of '}
      {name === null ? (
        phrase(schema)
      ) : (
        <a href={`#schema-${name}`} className="link">
          {name}
        </a>
      )}
      {isNullable && ' or null'}
    </>
  );
}

/** The one named schema that a value, a list or what may be null comes to; `null` when there is none. */
function lookThrough(schema: JsonSchema): { name: string | null; isList: boolean; isNullable: boolean } {
  const some = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const isNullable = some.length === 1 && schema.anyOf?.length === 2;
  const inner = (isNullable ? some[0] : schema) ?? schema;
  const isList = inner.type === 'array' && typeof inner.items === 'object' && inner.items.$ref !== undefined;
  const ref = isList && inner.items ? inner.items.$ref : inner.$ref;
  return ref === undefined
    ? { name: null, isList: false, isNullable: false }
    : { name: ref.replace('#/components/schemas/', ''), isList, isNullable };
}

function phrase(schema: JsonSchema): string {
  const { type, format, items, enum: values, pattern, minimum, maximum, minLength, maxLength } = schema;
  if (schema.$ref) return schema.$ref.replace('#/components/schemas/', '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (values) return values.map(String).join(', ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(phrase))].join(' or ');
  if (type === 'array') return items ? `list of ${phrase(items)}` : `list of ${schema.prefixItems?.length ?? 0}`;
  if (type === 'object' && typeof schema.additionalProperties === 'object')
    return `object of ${phrase(schema.additionalProperties)} by key`;
  const range = span(minimum, maximum) || span(minLength, maxLength, ' characters');
  const word = format ?? (type === undefined ? 'anything' : String(type));
  return `${word}${range && `, ${range}`}${pattern && pattern.length < 50 ? `, ${pattern}` : ''}`;
}

function span(from: number | undefined, to: number | undefined, unit = ''): string {
  if (from === undefined && to === undefined) return '';
  if (from === undefined) return `at most ${to}${unit}`;
  return to === undefined ? `at least ${from}${unit}` : `${from} to ${to}${unit}`;
}
