// The part of OCSF's schema that findings are checked against, from the schema as schema.ocsf.io exports it, which the package
// ocsf-json-schema of PyPI carries in `ocsf_json_schema/ocsf/`:
//   node lib/testing/keep-ocsf-findings.mjs 1.8.0.json > lib/core/ocsf/fixtures/findings-schema.json
import { readFileSync } from 'node:fs';

const schema = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const CLASSES = ['compliance_finding', 'detection_finding', 'incident_finding'];
const OBJECTS = [
  'analytic',
  'attack',
  'check',
  'compliance',
  'evidences',
  'finding_info',
  'fingerprint',
  'group',
  'key_value_object',
  'metadata',
  'product',
  'remediation',
  'resource_details',
  'technique',
  'user',
];
const PROFILES = ['incident'];

/** Attributes as the check needs them; those of other profiles, deprecated ones, and optional ones of objects no finding has are left out. */
function keep(/** @type {any} */ { attributes, constraints }) {
  const kept = {};
  for (const key of Object.keys(attributes).toSorted()) {
    const value = attributes[key];
    const type = value.type === 'object_t' ? value.object_type : value.type;
    const isRequired = value.requirement === 'required';
    const profile = value.profiles?.find((/** @type {string} */ name) => PROFILES.includes(name));
    if (value['@deprecated'] || (value.profiles && !profile)) continue;
    if (value.type === 'object_t' && type !== 'object' && !isRequired && !OBJECTS.includes(type)) continue;
    kept[key] = {
      type,
      ...(value.is_array ? { array: true } : {}),
      ...(isRequired ? { required: true } : {}),
      ...(profile ? { profile } : {}),
      ...(value.sibling ? { sibling: value.sibling } : {}),
      ...(value.enum
        ? { enum: Object.fromEntries(Object.entries(value.enum).map(([id, { caption }]) => [id, caption])) }
        : {}),
    };
  }
  return { ...(constraints?.at_least_one ? { atLeastOne: constraints.at_least_one } : {}), attributes: kept };
}

const classes = Object.fromEntries(
  CLASSES.map((name) => {
    const found = schema.classes[name];
    const category = { uid: found.category_uid, caption: found.category_name };
    return [found.uid, { caption: found.caption, category, ...keep(found) }];
  }),
);
const objects = Object.fromEntries(OBJECTS.map((name) => [name, keep(schema.objects[name])]));
const lines = (/** @type {Record<string, any>} */ kept) =>
  Object.entries(kept)
    .map(([name, { attributes, ...rest }]) => {
      const head = JSON.stringify({ ...rest, attributes: 0 }).replace(/0\}$/, '{');
      const rows = Object.entries(attributes).map(([key, value]) => `"${key}":${JSON.stringify(value)}`);
      return `"${name}":${head}\n${rows.join(',\n')}}}`;
    })
    .join(',\n');
process.stdout.write(
  `{"version":"${schema.version}","classes":{\n${lines(classes)}},\n"objects":{\n${lines(objects)}}}\n`,
);
