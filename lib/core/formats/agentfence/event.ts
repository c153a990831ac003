import { type GoStyle, goQuote, goText } from '../../json/go-text';
import { type JsonNode, nodesOf } from '../../json/tree';

type Members = Extract<JsonNode, { kind: 'object' }>['members'];

/** Members of an event in the order its struct declares them; `omit` marks those left out when empty. */
const FIELDS = [
  ['schema_version', 'string'],
  ['session_id', 'string'],
  ['seq', 'uint64'],
  ['timestamp', 'string'],
  ['call_id', 'string'],
  ['tool', 'string'],
  ['decision', 'string'],
  ['reason', 'string'],
  ['reason_code', 'string', 'omit'],
  ['action_digest', 'string', 'omit'],
  ['policy_digest', 'string', 'omit'],
  ['arguments', 'map', 'omit'],
  ['memory_write', 'memory_write', 'omit'],
  ['mode', 'string', 'omit'],
  ['prev_hash', 'string', 'omit'],
  ['hash', 'string', 'omit'],
  ['signature', 'string', 'omit'],
] as const satisfies Field[];

const MEMORY_WRITE = [
  ['scope', 'string', 'omit'],
  ['sensitivity', 'string', 'omit'],
  ['field', 'string', 'omit'],
  ['size_bytes', 'int', 'keep'],
  ['content_fingerprint', 'string', 'omit'],
  ['patterns_matched', 'strings', 'omit'],
] as const satisfies Field[];

type Kind = 'string' | 'uint64' | 'int' | 'strings' | 'map' | 'memory_write';
type Field = readonly [name: string, kind: Kind, empty?: 'omit' | 'keep'];

/** A value as Go holds it after reading; null is the zero value. */
type GoValue =
  | { kind: 'string'; value: string }
  | { kind: 'number'; raw: string }
  | { kind: 'strings'; items: string[] }
  | { kind: 'map'; members: Members }
  | { kind: 'struct'; values: Map<string, GoValue> };

/** An event as Go's encoding/json reads it, with what it passed over. */
export type GoEvent = {
  values: ReadonlyMap<string, GoValue>;
  /** Keys no member answers to; Go ignores them. */
  unknownKeys: string[];
  /** Keys that answer to a member only when upper and lower case count as one. */
  otherCase: string[];
};

/** Why Go refuses to read a text as an event, in its own words. */
export type GoRefusal = { refusal: string };

/** Reads an event by Go's rules: keys in any case, the last of repeated keys, `null` as nothing, types strict. */
export function readGoEvent(tree: JsonNode): GoEvent | GoRefusal {
  if (tree.kind === 'literal' && tree.raw === 'null') return { values: new Map(), unknownKeys: [], otherCase: [] };
  if (tree.kind !== 'object')
    return { refusal: `json: cannot unmarshal ${goKind(tree, 'string')} into Go value of type audit.Event` };
  const read = { unknownKeys: [] as string[], otherCase: [] as string[], refusal: null as string | null }; // filled below
  const values = readStruct(tree.members, FIELDS, 'Event', new Map(), read);
  return read.refusal === null
    ? { values, unknownKeys: read.unknownKeys, otherCase: read.otherCase }
    : { refusal: read.refusal };
}

/** The event as Go's `json.Marshal` writes it. With `sealed: false` hash and signature are left out, which is what the hash covers. */
export function goEventText({ values }: GoEvent, style: GoStyle, { sealed }: { sealed: boolean }): string | null {
  return writeStruct(values, FIELDS, style, sealed ? [] : ['hash', 'signature']);
}

/** A string of the event; empty when it has none. */
export function goString({ values }: GoEvent, name: (typeof FIELDS)[number][0]): string {
  const value = values.get(name);
  return value?.kind === 'string' ? value.value : '';
}

/** `seq`; null when it is none a double holds exactly. */
export function goSequence({ values }: GoEvent): number | null {
  const value = values.get('seq');
  const seq = value?.kind === 'number' ? Number(value.raw) : 0;
  return Number.isSafeInteger(seq) ? seq : null;
}

type Read = { unknownKeys: string[]; otherCase: string[]; refusal: string | null };

function readStruct(
  members: Members,
  fields: readonly Field[],
  path: string,
  values: Map<string, GoValue>,
  read: Read,
): Map<string, GoValue> {
  for (const { key, value } of members) {
    const wellFormed = key.toWellFormed();
    const field = fields.find(([name]) => name === wellFormed) ?? fields.find(([name]) => name === folded(wellFormed));
    if (!field) {
      read.unknownKeys.push(key);
      continue;
    }
    const [name, kind] = field;
    if (name !== wellFormed) read.otherCase.push(key);
    if (value.kind === 'literal' && value.raw === 'null') {
      if (kind === 'map' || kind === 'memory_write' || kind === 'strings') values.delete(name);
      continue;
    }
    const given = readValue(value, kind, `${path}.${name}`, values.get(name), read);
    if (given) values.set(name, given);
    else
      read.refusal ??= `json: cannot unmarshal ${goKind(value, kind)} into Go struct field ${path}.${name} of type ${GO_TYPE[kind]}`;
  }
  return values;
}

const GO_TYPE: Record<Kind, string> = {
  string: 'string',
  uint64: 'uint64',
  int: 'int',
  strings: '[]string',
  map: 'map[string]interface {}',
  memory_write: 'audit.MemoryWrite',
};

function readValue(node: JsonNode, kind: Kind, path: string, before: GoValue | undefined, read: Read): GoValue | null {
  switch (kind) {
    case 'string':
      return node.kind === 'string' ? { kind: 'string', value: node.value.toWellFormed() } : null;
    case 'uint64':
      return node.kind === 'literal' && /^\d+$/.test(node.raw) && BigInt(node.raw) < 2n ** 64n
        ? { kind: 'number', raw: node.raw }
        : null;
    case 'int':
      return node.kind === 'literal' &&
        /^-?\d+$/.test(node.raw) &&
        BigInt.asIntN(64, BigInt(node.raw)) === BigInt(node.raw)
        ? { kind: 'number', raw: node.raw === '-0' ? '0' : node.raw }
        : null;
    case 'strings': {
      if (node.kind !== 'array') return null;
      const isNull = (item: JsonNode) => item.kind === 'literal' && item.raw === 'null';
      const other = node.items.find((item) => item.kind !== 'string' && !isNull(item));
      if (other)
        read.refusal ??= `json: cannot unmarshal ${goKind(other, 'string')} into Go struct field ${path} of type string`;
      return {
        kind: 'strings',
        items: node.items.map((item) => (item.kind === 'string' ? item.value.toWellFormed() : '')),
      };
    }
    case 'map': {
      if (node.kind !== 'object') return null;
      // A second `arguments` adds to the map the first one made.
      const members = before?.kind === 'map' ? [...before.members, ...node.members] : node.members;
      const large = tooLarge(node);
      if (large !== null)
        read.refusal ??= `json: cannot unmarshal number ${large} into Go struct field ${path} of type float64`;
      return { kind: 'map', members };
    }
    case 'memory_write':
      if (node.kind !== 'object') return null;
      return {
        kind: 'struct',
        values: readStruct(
          node.members,
          MEMORY_WRITE,
          'MemoryWrite.memory_write',
          before?.kind === 'struct' ? before.values : new Map(),
          read,
        ),
      };
  }
}

function writeStruct(
  values: ReadonlyMap<string, GoValue>,
  fields: readonly Field[],
  style: GoStyle,
  without: readonly string[],
): string | null {
  const members: string[] = [];
  for (const [name, kind, empty] of fields) {
    if (without.includes(name)) continue;
    const value = values.get(name);
    if (empty === 'omit' && isEmpty(value)) continue;
    const text = writeValue(value, kind, style);
    if (text === null) return null;
    members.push(`"${name}":${text}`);
  }
  return `{${members.join(',')}}`;
}

function writeValue(value: GoValue | undefined, kind: Kind, style: GoStyle): string | null {
  if (!value) return kind === 'string' ? '""' : '0';
  switch (value.kind) {
    case 'string':
      return goQuote(value.value, style);
    case 'number':
      return value.raw;
    case 'strings':
      return `[${value.items.map((item) => goQuote(item, style)).join(',')}]`;
    case 'map':
      return goText({ kind: 'object', members: value.members }, style);
    case 'struct':
      return writeStruct(value.values, MEMORY_WRITE, style, []);
  }
}

function isEmpty(value: GoValue | undefined): boolean {
  if (!value) return true;
  if (value.kind === 'string') return value.value === '';
  if (value.kind === 'strings') return value.items.length === 0;
  return value.kind === 'map' && value.members.length === 0;
}

/** The first number of the tree a float64 does not hold. */
function tooLarge(node: JsonNode): string | null {
  for (const inner of nodesOf(node))
    if (inner.kind === 'literal' && /^-?\d/.test(inner.raw) && !Number.isFinite(Number(inner.raw))) return inner.raw;
  return null;
}

/** Go's folding of ASCII names: the long s and the Kelvin sign count as s and k. */
function folded(key: string): string {
  return key
    .replaceAll('\u017F', 's')
    .replaceAll('\u212A', 'k')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Go names the number where an integer is wanted. */
function goKind(node: JsonNode, wanted: Kind): string {
  if (node.kind !== 'literal') return node.kind;
  if (node.raw === 'true' || node.raw === 'false') return 'bool';
  return wanted === 'uint64' || wanted === 'int' ? `number ${node.raw}` : 'number';
}
