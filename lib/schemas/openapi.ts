import * as z from 'zod';

/** JSON Schema 2020-12, as far as the document of the API uses it. */
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: JsonSchema | false;
  prefixItems?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};
const JsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.strictObject({
    $ref: z
      .string()
      .regex(/^#\/components\/schemas\/\w+$/)
      .optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).min(1).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    examples: z.array(z.unknown()).min(1).optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    exclusiveMaximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    items: z.union([JsonSchema, z.literal(false)]).optional(),
    prefixItems: z.array(JsonSchema).optional(),
    properties: z.record(z.string(), JsonSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), JsonSchema]).optional(),
    propertyNames: JsonSchema.optional(),
    anyOf: z.array(JsonSchema).optional(),
    oneOf: z.array(JsonSchema).optional(),
    allOf: z.array(JsonSchema).optional(),
  }),
);

const Content = z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), z.strictObject({ schema: JsonSchema }));
const Parameter = z.strictObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  description: z.string().optional(),
  schema: JsonSchema,
});
export type Parameter = z.infer<typeof Parameter>;
const Answer = z.strictObject({
  description: z.string().min(1),
  headers: z.record(z.string(), z.strictObject({ description: z.string(), schema: JsonSchema })).optional(),
  content: Content.optional(),
});
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w*$/),
  tags: z.tuple([z.string()]),
  summary: z.string().min(1),
  /** Who may call it. */
  description: z.string().min(1),
  /** Each is one way to be let in; none for anybody. */
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(Parameter).optional(),
  requestBody: z
    .strictObject({ description: z.string().optional(), required: z.boolean(), content: Content })
    .optional(),
  responses: z.record(z.string().regex(/^([1-5]\d\d|default)$/), Answer),
});
export type Operation = z.infer<typeof Operation>;

export const OPENAPI_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
const PathItem = z.partialRecord(z.enum(OPENAPI_METHODS), Operation);

/** The OpenAPI 3.1 document of the whole API. */
export const ApiDocument = z.strictObject({
  openapi: z.literal('3.1.1'),
  jsonSchemaDialect: z.literal('https://spec.openapis.org/oas/3.1/dialect/base'),
  info: z.strictObject({
    title: z.string(),
    summary: z.string(),
    description: z.string(),
    version: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.url() })).min(1),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  paths: z.record(z.string().startsWith('/'), PathItem),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^\w+$/), JsonSchema),
    securitySchemes: z.record(
      z.string(),
      z.strictObject({
        type: z.enum(['http', 'apiKey']),
        description: z.string(),
        scheme: z.string().optional(),
        bearerFormat: z.string().optional(),
        in: z.literal('cookie').optional(),
        name: z.string().optional(),
      }),
    ),
  }),
});
export type ApiDocument = z.infer<typeof ApiDocument>;

/** Of a part of the API in the address of its page: `Evidence packages` is `evidence-packages`. */
export function partSlug(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-');
}
