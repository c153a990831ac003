// The part of OCSF's schema that lib/core/ocsf is checked against, from a checkout of github.com/ocsf/ocsf-schema:
//   node lib/testing/keep-ocsf-schema.mjs <checkout> <commit> > lib/core/ocsf/fixtures/schema.json
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [checkout = '.', commit = ''] = process.argv.slice(2);
const CLASSES = [
  'system/file_activity',
  'system/process_activity',
  'iam/entity_management',
  'network/network_activity',
  'network/http_activity',
  'application/api_activity',
];
const OBJECTS = [
  'actor',
  'ai_agent',
  'ai_model',
  'api',
  'attestation',
  'device',
  'file',
  'fingerprint',
  'http_request',
  'http_response',
  'managed_entity',
  'message_context',
  'metadata',
  'network_endpoint',
  'policy',
  'process',
  'product',
  'request',
  'resource_details',
  'service',
  'session',
  'url',
  'user',
];

const PROFILES = ['ai_operation', 'host', 'security_control'];

const read = (/** @type {string} */ name) => JSON.parse(readFileSync(path.join(checkout, name), 'utf8'));
const dictionary = read('dictionary.json').attributes;
const categories = read('categories.json').attributes;
const folders = { events: ['', 'application/', 'iam/', 'network/', 'system/'], objects: [''] };

/** A class or object with all it inherits and includes: what is nearer wins, member by member. */
function resolve(/** @type {'events' | 'objects'} */ kind, /** @type {string} */ name) {
  const own = readFirst(folders[kind].map((folder) => `${kind}/${folder}${name}.json`));
  const above = own.extends ? resolve(kind, own.extends) : { attributes: {}, profiles: [] };
  const attributes = { ...above.attributes };
  const { $include: includes = [], ...stated } = own.attributes;
  for (const file of includes) {
    const profile = read(file);
    for (const [key, value] of Object.entries(profile.attributes))
      attributes[key] = merge(merge(attributes[key] ?? {}, value), { profile: profile.name });
  }
  for (const [key, value] of Object.entries(stated)) attributes[key] = merge(attributes[key] ?? {}, value);
  return { ...above, ...own, attributes, constraints: own.constraints ?? above.constraints };
}

function readFirst(/** @type {string[]} */ files) {
  for (const file of files) {
    try {
      return read(file);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`none of ${files.join(', ')} is there`);
}

function merge(/** @type {any} */ base, /** @type {any} */ more) {
  return { ...base, ...more, ...(base.enum || more.enum ? { enum: { ...base.enum, ...more.enum } } : {}) };
}

/** Attributes as the check needs them. Objects that are not kept can be in no value that is checked, and are left out unless they are required. */
function keep(/** @type {any} */ { attributes, constraints }) {
  const kept = {};
  for (const key of Object.keys(attributes).toSorted()) {
    const value = merge(dictionary[key] ?? {}, attributes[key]);
    const isObject = !value.type.endsWith('_t');
    const isRequired = value.requirement === 'required';
    if (value['@deprecated'] || (value.profile && !PROFILES.includes(value.profile))) continue;
    if (isObject && value.type !== 'object' && !isRequired && !OBJECTS.includes(value.type)) continue;
    kept[key] = {
      type: value.type,
      ...(value.is_array ? { array: true } : {}),
      ...(isRequired ? { required: true } : {}),
      ...(value.profile ? { profile: value.profile } : {}),
      ...(value.sibling ? { sibling: value.sibling } : {}),
      ...(value.enum
        ? { enum: Object.fromEntries(Object.entries(value.enum).map(([id, { caption }]) => [id, caption])) }
        : {}),
    };
  }
  return { ...(constraints?.at_least_one ? { atLeastOne: constraints.at_least_one } : {}), attributes: kept };
}

const classes = {};
for (const file of CLASSES) {
  const name = path.basename(file);
  const found = resolve('events', name);
  const category = categories[found.category];
  const uid = category.uid * 1000 + found.uid;
  classes[uid] = {
    caption: found.caption,
    category: { uid: category.uid, caption: category.caption },
    ...keep(found),
  };
}
const objects = Object.fromEntries(OBJECTS.map((name) => [name, keep(resolve('objects', name))]));
const lines = (/** @type {Record<string, any>} */ kept) =>
  Object.entries(kept)
    .map(([name, { attributes, ...rest }]) => {
      const head = JSON.stringify({ ...rest, attributes: 0 }).replace(/0\}$/, '{');
      const rows = Object.entries(attributes).map(([key, value]) => `"${key}":${JSON.stringify(value)}`);
      return `"${name}":${head}\n${rows.join(',\n')}}}`;
    })
    .join(',\n');
const { version } = read('version.json');
process.stdout.write(
  `{"version":"${version}","commit":"${commit}","classes":{\n${lines(classes)}},\n"objects":{\n${lines(objects)}}}\n`,
);
