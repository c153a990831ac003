import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

type Members = Readonly<Record<string, unknown>>;
type Rule = (value: unknown, argument: unknown, schema: Members, at: string) => string[];

const SCHEMA = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../core/sarif/fixtures/schema.json'), 'utf8'),
) as Members & { definitions: Record<string, Members> }; // the file on disk

/** What of a log breaks SARIF's JSON schema, each with its place; empty when it keeps to it. @throws where the schema says what is not known here. */
export function sarifProblems(log: unknown): string[] {
  return problems(log, SCHEMA, '');
}

function problems(value: unknown, schema: Members, at: string): string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    const rule = KEYWORDS[keyword];
    if (!rule) throw new Error(`the schema says ${keyword}, which is not checked here`);
    return rule(value, argument, schema, at);
  });
}

const none: Rule = () => [];
const sub = (argument: unknown) => argument as Members; // what a schema says stands there
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uri: (text) => URL.canParse(text),
  'uri-reference': (text) => !/[\s<>"{}|\\^`]/.test(text) && URL.canParse(text, 'http://sealtrail.example/'),
};

const KEYWORDS: Readonly<Record<string, Rule>> = {
  title: none,
  definitions: none,
  $ref: (value, argument, _, at) => {
    const found = SCHEMA.definitions[String(argument).replace('#/definitions/', '')];
    return found ? problems(value, found, at) : [`${at}: the schema kept here has no ${String(argument)}`];
  },
  type: (value, argument, _, at) => (isOfType(value, String(argument)) ? [] : [`${at}: no ${String(argument)}`]),
  enum: (value, argument, _, at) => ((argument as unknown[]).includes(value) ? [] : [`${at}: none of its values`]),
  pattern: (value, argument, _, at) =>
    typeof value !== 'string' || new RegExp(String(argument)).test(value) ? [] : [`${at}: not of its pattern`],
  format: (value, argument, _, at) => {
    const isOfFormat = FORMATS[String(argument)];
    if (!isOfFormat) throw new Error(`the schema names the format ${String(argument)}, which is not checked here`);
    return typeof value !== 'string' || isOfFormat(value) ? [] : [`${at}: no ${String(argument)}`];
  },
  minimum: (value, argument, _, at) =>
    typeof value === 'number' && value < Number(argument) ? [`${at}: too small`] : [],
  maximum: (value, argument, _, at) =>
    typeof value === 'number' && value > Number(argument) ? [`${at}: too large`] : [],
  minItems: (value, argument, _, at) =>
    Array.isArray(value) && value.length < Number(argument) ? [`${at}: too short`] : [],
  uniqueItems: (value, argument, _, at) =>
    argument === true &&
    Array.isArray(value) &&
    value.some((one, index) => value.slice(0, index).some((other) => isDeepStrictEqual(one, other)))
      ? [`${at}: says one thing twice`]
      : [],
  items: (value, argument, _, at) =>
    Array.isArray(value) ? value.flatMap((one, index) => problems(one, sub(argument), `${at}[${index}]`)) : [],
  required: (value, argument, _, at) =>
    isMembers(value)
      ? (argument as string[]).filter((name) => !(name in value)).map((name) => `${at}.${name}: required`)
      : [],
  properties: (value, argument, _, at) =>
    isMembers(value)
      ? Object.entries(sub(argument)).flatMap(([name, schema]) =>
          name in value ? problems(value[name], sub(schema), `${at}.${name}`) : [],
        )
      : [],
  additionalProperties: (value, argument, { properties = {} }, at) => {
    if (!isMembers(value) || argument === true) return [];
    const others = Object.keys(value).filter((name) => !(name in sub(properties)));
    return others.flatMap((name) =>
      argument === false ? [`${at}.${name}: no property`] : problems(value[name], sub(argument), `${at}.${name}`),
    );
  },
  anyOf: (value, argument, _, at) =>
    (argument as Members[]).some((one) => problems(value, one, at).length === 0) ? [] : [`${at}: none of anyOf`],
};

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isMembers(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
