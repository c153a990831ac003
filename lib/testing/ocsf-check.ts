import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const Attribute = z.strictObject({
  type: z.string(),
  array: z.boolean().default(false),
  required: z.boolean().default(false),
  profile: z.string().optional(),
  /** Holds the caption of the value. */
  sibling: z.string().optional(),
  enum: z.record(z.string(), z.string()).optional(),
});
type Attribute = z.infer<typeof Attribute>;
const Kept = z.object({
  atLeastOne: z.array(z.string()).default([]),
  attributes: z.record(z.string(), Attribute),
});
type Kept = z.infer<typeof Kept>;
const Schema = z.object({
  version: z.string(),
  classes: z.record(
    z.string(),
    Kept.extend({ caption: z.string(), category: z.object({ uid: z.number(), caption: z.string() }) }),
  ),
  objects: z.record(z.string(), Kept),
});

function readSchema(name: string) {
  const file = path.resolve(import.meta.dirname, '../core/ocsf/fixtures', name);
  return Schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
/** What events are checked against, and what findings are. */
export const OCSF_SCHEMA = readSchema('schema.json');
export const OCSF_FINDINGS_SCHEMA = readSchema('findings-schema.json');

const OTHER = 99;
const INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  integer_t: [-(2 ** 31), 2 ** 31 - 1],
  long_t: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  timestamp_t: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  port_t: [0, 65_535],
};

type Members = Readonly<Record<string, unknown>>;
/** What an event names, and the schema it is of. */
type Scope = { readonly profiles: readonly string[]; readonly schema: z.infer<typeof Schema> };

/** What of an event breaks OCSF's schema, each with the attribute; empty when it keeps to it. */
export function ocsfProblems(event: unknown, schema = OCSF_SCHEMA): string[] {
  if (!isMembers(event)) return ['the event is no object'];
  const found = schema.classes[String(event['class_uid'])];
  if (!found) return [`class_uid: ${String(event['class_uid'])} is none of the classes`];
  const metadata = isMembers(event['metadata']) ? event['metadata'] : {};
  const profiles = Array.isArray(metadata['profiles']) ? metadata['profiles'].map(String) : [];
  return [
    ...classificationProblems(event, found),
    ...(metadata['version'] === schema.version ? [] : [`metadata.version: not ${schema.version}`]),
    ...memberProblems(event, found, { profiles, schema }, ''),
  ];
}

function classificationProblems(
  event: Members,
  { caption, category, attributes }: (typeof OCSF_SCHEMA.classes)[string],
) {
  const activity = Number(event['activity_id']);
  const activityCaption = attributes['activity_id']?.enum?.[activity];
  const expected: Members = {
    class_name: caption,
    category_uid: category.uid,
    category_name: category.caption,
    type_uid: Number(event['class_uid']) * 100 + activity,
    type_name: `${caption}: ${activityCaption}`,
  };
  return Object.entries(expected)
    .filter(([name, value]) => event[name] !== value)
    .map(([name, value]) => `${name}: ${String(event[name])} is not ${String(value)}`);
}

function memberProblems(value: Members, kept: Kept, scope: Scope, at: string): string[] {
  const { profiles } = scope;
  const problems = Object.entries(kept.attributes)
    .filter(([name, { required, profile }]) => required && (!profile || profiles.includes(profile)) && !(name in value))
    .map(([name]) => `${at}${name}: required`);
  if (kept.atLeastOne.length > 0 && !kept.atLeastOne.some((name) => name in value))
    problems.push(`${at}: none of ${kept.atLeastOne.join(', ')}`);
  for (const [name, inner] of Object.entries(value)) {
    const attribute = kept.attributes[name];
    if (!attribute) problems.push(`${at}${name}: no attribute`);
    else if (attribute.profile && !profiles.includes(attribute.profile))
      problems.push(`${at}${name}: of the profile ${attribute.profile}, which the event does not name`);
    else
      problems.push(
        ...attributeProblems(inner, attribute, scope, `${at}${name}`),
        ...siblingProblems(value, name, attribute, at),
      );
  }
  return problems;
}

/** The text beside an id is its caption, and the writer's own word where the id is that of others. */
function siblingProblems(value: Members, name: string, { sibling, enum: ids }: Attribute, at: string): string[] {
  if (!sibling || !ids || !(sibling in value) || name === 'class_uid' || name === 'category_uid') return [];
  const id = Number(value[name]);
  const text = value[sibling];
  return id === OTHER
    ? text === ''
      ? [`${at}${sibling}: empty`]
      : []
    : text === ids[id]
      ? []
      : [`${at}${sibling}: not ${ids[id]}`];
}

function attributeProblems(value: unknown, attribute: Attribute, scope: Scope, at: string): string[] {
  if (!attribute.array) return valueProblems(value, attribute, scope, at);
  if (!Array.isArray(value)) return [`${at}: no list`];
  return value.flatMap((item, index) => valueProblems(item, attribute, scope, `${at}[${index}]`));
}

function valueProblems(value: unknown, { type, enum: ids }: Attribute, scope: Scope, at: string): string[] {
  const isClassification = at === 'class_uid' || at === 'category_uid'; // checked against the class itself
  if (ids && !isClassification && !(String(value) in ids)) return [`${at}: ${String(value)} is none of its values`];
  const range = INTEGERS[type];
  if (range)
    return Number.isInteger(value) && Number(value) >= range[0] && Number(value) <= range[1]
      ? []
      : [`${at}: no ${type}`];
  if (type === 'boolean_t') return typeof value === 'boolean' ? [] : [`${at}: no ${type}`];
  if (type === 'json_t') return value === undefined ? [`${at}: no ${type}`] : [];
  if (type.endsWith('_t')) return typeof value === 'string' && value !== '' ? [] : [`${at}: no ${type}`];
  if (!isMembers(value)) return [`${at}: no object`];
  if (type === 'object') return [];
  const kept = scope.schema.objects[type];
  return kept ? memberProblems(value, kept, scope, `${at}.`) : [`${at}: the schema kept here has no ${type}`];
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
