/** What an answer looks like: the part of JSON Schema that our schemas come to. */
export type Shape = {
  type?: 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';
  enum?: readonly unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Shape;
  minItems?: number;
  maxItems?: number;
  properties?: Readonly<Record<string, Shape>>;
  required?: readonly string[];
  /** Of a map: its values, and its keys. */
  additionalProperties?: Shape;
  propertyNames?: Shape;
  anyOf?: readonly Shape[];
};

/** Reads a value somebody else wrote; as a zod schema does. */
export type Reader<T> = { parse(value: unknown): T };

/** A value is of another shape. */
class NotAsDescribed extends Error {
  override readonly name = 'NotAsDescribed';
  constructor(place: string) {
    super(`The answer is not what this page reads${place && `: ${place.slice(1)}`}. Load the page again.`);
  }
}

/**
 * Reads what is of the shape, without members the shape does not name, and of which `isRight` holds. `T` is the type of the schema it was
 * written from.
 */
export function reader<T>(shape: Shape, isRight: (value: T) => boolean = () => true): Reader<T> {
  return {
    parse(value) {
      const read = readAs(shape, value, '') as T; // a test holds shape and schema against each other
      return isRight(read) ? read : refuse('');
    },
  };
}

function readAs(shape: Shape, value: unknown, place: string): unknown {
  if (shape.anyOf) return readAny(shape.anyOf, value, place);
  if (shape.enum) return shape.enum.includes(value) ? value : refuse(place);
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' && isText(shape, value) ? value : refuse(place);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && isWithin(shape, value) ? value : refuse(place);
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) && isWithin(shape, value) ? value : refuse(place);
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(place);
    case 'null':
      return value === null ? value : refuse(place);
    case 'array':
      return readArray(shape, value, place);
    case 'object':
      return readObject(shape, value, place);
    case undefined:
      return value;
  }
}

function refuse(place: string): never {
  throw new NotAsDescribed(place);
}

function readAny(shapes: readonly Shape[], value: unknown, place: string): unknown {
  let deepest: NotAsDescribed | null = null;
  for (const shape of shapes)
    try {
      return readAs(shape, value, place);
    } catch (error) {
      if (!(error instanceof NotAsDescribed)) throw error;
      if (!deepest || error.message.length > deepest.message.length) deepest = error;
    }
  throw deepest ?? new NotAsDescribed(place);
}

const patterns = new Map<string, RegExp>();

function isText({ pattern, minLength = 0, maxLength = Infinity }: Shape, text: string): boolean {
  if (text.length < minLength || text.length > maxLength) return false;
  if (pattern === undefined) return true;
  const compiled = patterns.get(pattern) ?? new RegExp(pattern);
  patterns.set(pattern, compiled);
  return compiled.test(text);
}

function isWithin({ minimum = -Infinity, maximum = Infinity }: Shape, value: number): boolean {
  return value >= minimum && value <= maximum;
}

function readArray({ items = {}, minItems = 0, maxItems = Infinity }: Shape, value: unknown, place: string): unknown {
  if (!Array.isArray(value) || value.length < minItems || value.length > maxItems) return refuse(place);
  return value.map((item: unknown, at) => readAs(items, item, `${place}.${at}`));
}

function readObject(shape: Shape, value: unknown, place: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(place);
  // as zod, which leaves out the name that would be no entry but a prototype
  const given = new Map<string, unknown>(Object.entries(value).filter(([key]) => key !== '__proto__'));
  const { properties, required = [], additionalProperties = {}, propertyNames = {} } = shape;
  for (const key of required) if (!given.has(key)) refuse(`${place}.${key}`);
  if (properties)
    return Object.fromEntries(
      Object.entries(properties).flatMap(([key, of]) =>
        given.has(key) ? [[key, readAs(of, given.get(key), `${place}.${key}`)]] : [],
      ),
    );
  return Object.fromEntries(
    Array.from(given, ([key, of]) => [
      readAs(propertyNames, key, `${place}.${key}`),
      readAs(additionalProperties, of, `${place}.${key}`),
    ]),
  );
}
