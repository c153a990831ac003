// `npm run licenses`: writes THIRD_PARTY.md, and fails when an installed package has a licence that is not allowed. Plain JavaScript, as install.mjs.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { init } from 'license-checker-rseidelsohn';
import { ROOT } from './install.mjs';

/** SPDX identifiers. Weak copyleft is allowed for what is used as a whole, unchanged: no file of it is part of ours. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1',
  'PostgreSQL',
  'Unlicense',
]);

/** @typedef {{ name: string, licence: string, isAllowed: boolean }} Entry */

/** Whether one of the alternatives of a licence expression, or all of its parts, are allowed. @param {string} licence */
export function isAllowed(licence) {
  const plain = licence.replaceAll(/[()]/g, '').replaceAll('*', ''); // a star: told by a file, not by package.json
  return plain
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((part) => ALLOWED.has(part.trim())));
}

/** What is installed, by name. @param {{ production: boolean }} which @returns {Promise<Entry[]>} */
export async function installed({ production }) {
  const found = await promisify(init)({ start: ROOT, production, excludePrivatePackages: true });
  return Object.entries(found)
    .map(([name, { licenses = 'none' }]) => ({ name, licence: [licenses].flat().join(' AND ') }))
    .map((entry) => ({ ...entry, isAllowed: isAllowed(entry.licence) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function main() {
  const refused = (await installed({ production: false })).filter((entry) => !entry.isAllowed);
  for (const { name, licence } of refused)
    process.stderr.write(`${name}: ${licence} is not among the licences allowed\n`);
  const rows = (await installed({ production: true })).map(
    ({ name, licence }) => `| ${name} | ${licence.replaceAll('|', '\\|')} |`,
  );
  writeFileSync(
    path.join(ROOT, 'THIRD_PARTY.md'),
    `# Third-party packages\n\nWhat Sealtrail runs with, as \`npm run licenses\` finds it installed on Linux x64. Each package carries its licence in its own folder.\n\n| package | licence |\n|---|---|\n${rows.join('\n')}\n`,
  );
  process.stdout.write(`THIRD_PARTY.md: ${rows.length} packages\n`);
  process.exitCode = refused.length > 0 ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
