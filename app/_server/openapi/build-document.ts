import 'server-only';
import * as z from 'zod';
import type { ErrorCode } from '@/lib/core/errors';
import type { ApiDocument, JsonSchema, Operation as Documented, Parameter } from '@/lib/schemas/openapi';
import { NEEDS, ROLES, ROLE_LABEL } from '@/lib/schemas/roles';
import type { Access } from '../auth';
import type { Answer, Operation } from '../declaration';
import { STATUS } from '../problem';
import { TAGS, tagOf } from './tags';
import { type NamedSchemas, componentsOf, requestSchema } from './to-json-schema';

/** A method of a route file, and what it declares. */
export type DeclaredRoute = { file: string; method: string; operations: readonly Operation[] };

/** What a failure is answered with, RFC 9457. */
const ProblemDetails = z.looseObject({
  type: z.url(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  requestId: z.uuid(),
  code: z.enum([...Object.keys(STATUS), 'INTERNAL']),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

const PROBLEM_WORDS = {
  detail: 'What happened, in a sentence. More fields name the place, such as `line` and `byteOffset`.',
  requestId: 'The log of the installation has the request under it.',
  errors: 'Of a request that is not valid: what is wrong, by field.',
};

function securityOf(access: Access): Documented['security'] {
  if (access === 'public') return [];
  const { scope } = NEEDS[access];
  return [...(scope === null ? [] : [{ token: [scope] }]), { session: [] }];
}

/** Who may call it, in a sentence. */
function needWords(access: Access): string {
  if (access === 'public') return 'Anybody may call it.';
  const { roles, scope } = NEEDS[access];
  const people =
    roles.length === ROLES.length
      ? 'Any signed-in person'
      : `A signed-in ${roles.map((role) => ROLE_LABEL[role].toLowerCase()).join(' or ')}`;
  return scope === null
    ? `${people} may call it; no token.`
    : `${people}, or a token with the scope \`${scope}\`${roles.length === ROLES.length ? '' : ' whose maker is one'}, may call it.`;
}

/** The OpenAPI document of every route, from what each declares. Names are those its schemas are exported by. */
export function buildDocument(
  routes: readonly DeclaredRoute[],
  names: NamedSchemas,
  { version }: { version: string },
): ApiDocument {
  const all = routes.flatMap(({ file, method, operations }) =>
    operations
      .filter(({ path }) => path !== null)
      .map((operation) => ({ method, path: operation.path ?? pathOf(file), operation })),
  );
  const named: NamedSchemas = new Map([
    ...names,
    [
      ProblemDetails,
      { name: 'ProblemDetails', words: { is: 'A failure, RFC 9457.', fields: PROBLEM_WORDS, inner: {} } },
    ],
  ]);
  const used = all.flatMap(({ operation: { response, answers = {} } }) => [
    ...(response ? [response] : []),
    ...Object.values(answers).flatMap(({ schema }) => schema ?? []),
  ]);
  const { components, schemaOf } = componentsOf(named, [...used, ProblemDetails]);
  const paths: ApiDocument['paths'] = {};
  for (const { method, path, operation } of all)
    (paths[path] ??= {})[method.toLowerCase() as Lowercase<'GET'>] = documented(method, path, operation, {
      named,
      schemaOf,
    }); // a method of a route
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base',
    info: {
      title: 'Sealtrail',
      summary: 'Verifies, searches and attests the audit logs of AI agents.',
      description:
        'JSON in camelCase, times in UTC by RFC 3339. A list takes `limit`, and goes on at `cursor`: the `nextCursor` of the page before. Failures are `application/problem+json` by RFC 9457 with a `code` of a closed list.',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:7325' }],
    tags: TAGS.map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: { schemas: components, securitySchemes: SCHEMES },
  };
}

const SCHEMES: ApiDocument['components']['securitySchemes'] = {
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'st_…',
    description:
      'An API token, `st_…`, with the scope the operation names. Log shippers may send it as `Splunk`, `Basic` or `ApiKey` where the scope is `ingest`.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'sealtrail.session_token',
    description:
      'A signed-in browser, from pages of this installation only; the name of its cookie begins with `__Secure-` where that is reached by HTTPS.',
  },
};

/** `app/api/v1/chains/[chainId]/route.ts` as `/api/v1/chains/{chainId}`. */
function pathOf(file: string): string {
  if (file.includes('[[')) throw new Error(`${file} has several addresses: each operation declares its path`);
  return file
    .replace(/^app/, '')
    .replace(/\/route\.ts$/, '')
    .replaceAll(/\/\(\w+\)/g, '')
    .replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, '{$1}');
}

function documented(
  method: string,
  path: string,
  operation: Operation,
  { named, schemaOf }: { named: NamedSchemas; schemaOf: (schema: z.ZodType) => JsonSchema },
): Documented {
  const parameters = parametersOf(path, operation, named);
  const { body, sends } = operation;
  return {
    operationId: operationId(method, path),
    tags: [tagOf(method, path)],
    summary: operation.summary,
    description: needWords(operation.access),
    security: securityOf(operation.access),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: bodyOf(body, named) }),
    ...(sends && {
      requestBody: {
        description: sends.is,
        required: sends.isOptional !== true,
        content: contentOf(sends.types, null),
      },
    }),
    responses: { ...answersOf(operation, schemaOf), ...failuresOf(operation, schemaOf) },
  };
}

/** `GET /api/v1/chains/{chainId}` as `getChainsByChainId`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1\//, '')
    .replace(/^\/$/, 'elastic')
    .replaceAll('{', 'by-')
    .split(/\W+|_/)
    .filter(Boolean);
  return [method.toLowerCase(), ...words.map((word) => word.replace(/^./, (first) => first.toUpperCase()))].join('');
}

function bodyOf(body: z.ZodType, named: NamedSchemas): NonNullable<Documented['requestBody']> {
  const isOptional = body.safeParse({}).success;
  return { required: !isOptional, content: { 'application/json': { schema: requestSchema(body, named) } } };
}

function parametersOf(path: string, { params, query, headers }: Operation, named: NamedSchemas): Parameter[] {
  const inPath = propertiesOf(params, named);
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return [
    ...names.map((name) => parameter('path', name, asText(inPath.properties[name]), true)),
    ...listed('query', propertiesOf(query, named)),
    ...listed('header', propertiesOf(headers, named)),
  ];
}

function listed(place: 'query' | 'header', { properties, required }: ReturnType<typeof propertiesOf>): Parameter[] {
  return Object.entries(properties).map(([name, schema]) =>
    parameter(place, place === 'header' ? headerName(name) : name, schema, required.has(name)),
  );
}

function parameter(place: Parameter['in'], name: string, schema: JsonSchema, required: boolean): Parameter {
  const { description, ...rest } = schema;
  return { name, in: place, required, ...(description !== undefined && { description }), schema: rest };
}

/** `upload-offset` as `Upload-Offset`. */
function headerName(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/** The rest of a path comes as a list to the route and is text to the caller. @throws Error for one that is not declared. */
function asText(schema: JsonSchema | undefined): JsonSchema {
  if (!schema) throw new Error('a parameter of the path is not declared');
  return schema.type === 'array' ? { type: 'string' } : schema;
}

/** Of an object, or of several that hold together. */
function propertiesOf(
  schema: z.ZodType | undefined,
  named: NamedSchemas,
): {
  properties: Record<string, JsonSchema>;
  required: Set<string>;
} {
  const parts = schema ? flat(requestSchema(schema, named)) : [];
  return {
    properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})),
    required: new Set(parts.flatMap(({ required }) => required ?? [])),
  };
}

function flat(schema: JsonSchema): JsonSchema[] {
  return schema.allOf ? schema.allOf.flatMap(flat) : [schema];
}

function contentOf(types: readonly string[], schema: JsonSchema | null): Record<string, { schema: JsonSchema }> {
  const isText = (type: string) => type.startsWith('text/') || type.endsWith('ndjson');
  return Object.fromEntries(
    types.map((type) => [
      type,
      { schema: schema && type.endsWith('json') ? schema : isText(type) ? { type: 'string' } : {} },
    ]),
  );
}

function answersOf(
  { response, status, answers = {} }: Operation,
  schemaOf: (schema: z.ZodType) => JsonSchema,
): Documented['responses'] {
  const ofSchema: Record<number, Answer> = response
    ? { [status ?? 200]: { is: 'JSON.', types: ['application/json'], schema: response } }
    : Object.keys(answers).length === 0
      ? { [status ?? 204]: { is: 'It is done; there is no body.' } }
      : {};
  const statuses = [...new Set([...Object.keys(ofSchema), ...Object.keys(answers)].map(Number))];
  return Object.fromEntries(
    statuses.map((status) => {
      const both = [ofSchema[status], answers[status]].flatMap((answer) => answer ?? []);
      const content = Object.assign(
        {},
        ...both.map(({ types = [], schema }) => contentOf(types, schema ? schemaOf(schema) : null)),
      );
      const headers = Object.assign({}, ...both.map(({ headers }) => headers ?? {})) as Record<string, string>; // of each answer
      return [
        status,
        {
          description: both.at(-1)?.is ?? '',
          ...(Object.keys(headers).length > 0 && {
            headers: Object.fromEntries(
              Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
            ),
          }),
          ...(Object.keys(content).length > 0 && { content }),
        },
      ];
    }),
  );
}

function failuresOf(operation: Operation, schemaOf: (schema: z.ZodType) => JsonSchema): Documented['responses'] {
  const { access, params, query, headers, body, sends, errors = [], failureAs, answers = {} } = operation;
  const codes = new Set<ErrorCode>([
    ...(params || query || headers || body || sends ? (['BAD_REQUEST'] as const) : []),
    ...(access === 'public' ? [] : (['UNAUTHENTICATED', 'FORBIDDEN'] as const)),
    ...(params && !sends ? (['NOT_FOUND'] as const) : []),
    ...(body ? (['TOO_LARGE'] as const) : []),
    ...(sends ? (['TOO_LARGE', 'UNREADABLE_BODY', 'UNSUPPORTED_MEDIA', 'STORAGE_FULL'] as const) : []),
    ...errors,
    'UNAVAILABLE',
  ]);
  const byStatus = Map.groupBy(codes, (code) => STATUS[code][0]);
  const content = failureAs
    ? contentOf(failureAs.types, null)
    : contentOf(['application/problem+json'], schemaOf(ProblemDetails));
  const told = [...byStatus]
    .filter(([status]) => answers[status] === undefined)
    .toSorted(([a], [b]) => a - b)
    .map(([status, codes]) => {
      const words = codes.map((code) => `\`${code}\`: ${STATUS[code][1]}.`).join(' ');
      return [status, { description: failureAs ? `${words} ${failureAs.is}` : words, content }] as const;
    });
  return {
    ...Object.fromEntries(told),
    default: { description: failureAs ? `Any other failure. ${failureAs.is}` : 'Any other failure.', content },
  };
}
