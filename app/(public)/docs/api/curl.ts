import type { JsonSchema, Operation, Parameter } from '@/lib/schemas/openapi';

/** What stands for a value the caller has to put in, as the name of a parameter: `chainId` is `CHAIN_ID`. */
const placeholder = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

/** An operation as a command of a shell, with the parameters it cannot do without and those that have an example. Words in capitals are the caller's to fill in. */
export function curlOf(url: string, at: string, method: string, operation: Operation): string {
  const { parameters = [], requestBody, responses, security } = operation;
  const query = parameters
    .filter((one) => one.in === 'query' && (one.required || one.schema.examples))
    .map((one) => `${one.name}=${exampleOf(one)}`)
    .join('&');
  const address = `${url}${at.replaceAll(/\{(\w+)\}/g, (_, name: string) => placeholder(name))}${query && `?${query}`}`;
  const types = Object.keys(requestBody?.content ?? {});
  const [type = ''] = types;
  const answered = Object.keys(Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content ?? {});
  const how = answered.includes('text/event-stream') ? 'N' : isFile(answered) ? 'OJ' : '';
  const flags = [
    method === 'get' ? '' : method === 'head' ? '-I' : `-X ${method.toUpperCase()}`,
    ...credential(url, method, security),
    ...(types.length === 0
      ? []
      : [`-H 'Content-Type: ${type}'`, type === 'application/json' ? json(requestBody) : '--data-binary @FILE']),
  ];
  const told = [...flags.filter(Boolean), `'${address}'`].join(' \\\n  ');
  return `curl -f${how} ${told}`;
}

/** Whether an answer is bytes to keep and no text to read. */
function isFile(types: readonly string[]): boolean {
  return types.length > 0 && !types.some((type) => type.startsWith('text/plain') || type === 'application/json');
}

function credential(url: string, method: string, security: Operation['security']): string[] {
  if (security.length === 0) return [];
  if (security.some(({ token }) => token)) return ['-H "Authorization: Bearer $SEALTRAIL_TOKEN"'];
  const ours = method === 'get' ? [] : [`-H 'Origin: ${url}'`];
  const cookie = `${url.startsWith('https:') ? '__Secure-' : ''}sealtrail.session_token`;
  return [`-b "${cookie}=$SEALTRAIL_SESSION"`, ...ours];
}

function json(body: Operation['requestBody']): string {
  const schema = body?.content['application/json']?.schema;
  return schema && schema.properties ? `-d '${JSON.stringify(sampleOf(schema, ''))}'` : '-d @FILE';
}

/** A value of a schema as short as it may be: what has to be there and no more. */
function sampleOf(schema: JsonSchema, name: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.oneOf ?? schema.anyOf ?? [];
  if (choice) return sampleOf(choice, name);
  if (schema.type === 'object')
    return Object.fromEntries(
      (schema.required ?? []).flatMap((key) => {
        const of = schema.properties?.[key];
        return of ? [[key, sampleOf(of, key)]] : [];
      }),
    );
  if (schema.type === 'array') return schema.items && (schema.minItems ?? 0) > 0 ? [sampleOf(schema.items, name)] : [];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 0;
  return schema.format === 'date-time' ? '2026-05-01T00:00:00Z' : placeholder(name);
}

function exampleOf({ name, schema }: Parameter): string {
  const [example] = schema.examples ?? [];
  if (example !== undefined) return String(example);
  if (schema.format !== 'date-time') return String(sampleOf(schema, name));
  return name === 'to' ? '2026-06-01T00:00:00Z' : '2026-05-01T00:00:00Z';
}
