import type { JsonSchema } from '@/lib/schemas/openapi';
import { SchemaType } from './schema-type';
import { Words } from './words';

/** How deep the fields of fields are listed. */
const MAX_DEPTH = 4;
type Field = { path: string; schema: JsonSchema; required: boolean };

/** The fields of an object, those of objects in it under their paths; what is no object is one phrase. */
export function SchemaFields({ schema, label }: { schema: JsonSchema; label: string }) {
  const fields = fieldsOf(schema, '', 0);
  if (fields.length === 0)
    return (
      <p className="[overflow-wrap:anywhere] text-muted">
        <SchemaType schema={schema} />
      </p>
    );
  return (
    <table className="fields" aria-label={label}>
      <thead>
        <tr>
          <th>Field</th>
          <th>Type</th>
          <th>What it is</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ path, schema, required }) => (
          <tr key={path}>
            <td>
              {path}
              {!required && <i> optional</i>}
            </td>
            <td>
              <SchemaType schema={schema} />
            </td>
            <td>{schema.description && <Words>{schema.description}</Words>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function fieldsOf(schema: JsonSchema, before: string, depth: number): Field[] {
  if (depth >= MAX_DEPTH) return [];
  const choices = (schema.anyOf ?? schema.oneOf ?? schema.allOf)?.filter(({ type }) => type !== 'null') ?? [];
  if (choices.length > 0) {
    const seen = new Set<string>();
    return choices
      .flatMap((choice) => fieldsOf(choice, before, depth))
      .filter(({ path }) => !seen.has(path) && Boolean(seen.add(path)));
  }
  if (schema.items) return fieldsOf(schema.items, before && `${before}[]`, depth);
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([key, of]) => {
    const path = before ? `${before}.${key}` : key;
    return [{ path, schema: of, required: required.has(key) }, ...fieldsOf(of, path, depth + 1)];
  });
}
