import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FORMATS } from '../core/formats';
import { SIDECAR_KINDS } from '../core/sidecars/kinds';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Who names formats by their ids all the same, and why. */
const EXCEPTED: Readonly<Record<string, string>> = {
  'lib/core/event/fields.ts': 'the one list of what each format fills of an event',
  'lib/core/known.browser.ts': 'what browsers are told of the list, written from it',
  'lib/core/own-chain.ts': 'the chain that Sealtrail writes of itself',
  'lib/core/statements/predicates/agent-attestation.ts':
    'what Occasio writes of itself in its records, and in its statement',
  'lib/ingest/sample/occasio-log.ts': 'writes a log as Occasio does, for the sample data',
};

const IDS = [...FORMATS.map(({ id }) => id), ...SIDECAR_KINDS].toSorted((a, b) => b.length - a.length).join('|');
/** As a text, as a key or member, or as the folder of one that is imported from. */
const NAMED = new RegExp(
  `['"\`](?:${IDS})['"\`]|^\\s*(?:${IDS}):|[{,]\\s*(?:${IDS}):|\\.(?:${IDS})\\b(?!['"\`])|from '[^']*formats/(?:${FORMATS.map(({ id }) => id).join('|')})/`,
);

function sources(): string[] {
  return ['app', 'lib', 'workers', 'integrations']
    .flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter(
      (file) =>
        /\.(ts|tsx|mjs|mts)$/.test(file) &&
        !/\.(test|bench|contract)\.ts$|^lib\/testing\/|\/fixtures\/|node_modules/.test(file) &&
        // What browsers are told of schemas is written from them.
        !/^lib\/(?:core\/formats|schemas\/browser)\//.test(file),
    );
}

/** The lines of a file that name one, comments apart. */
function linesNaming(file: string): string[] {
  return readFileSync(path.join(ROOT, file), 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line) && NAMED.test(line));
}

it('nothing outside of a format’s folder names it by its id: what differs is a member its folder declares', () => {
  const naming = sources().flatMap((file) => linesNaming(file).map((line) => ({ file, line: line.trim() })));
  expect(naming.filter(({ file }) => !(file in EXCEPTED))).toEqual([]);
  // An exception that excepts nothing goes.
  expect(Object.keys(EXCEPTED).filter((file) => !naming.some((one) => one.file === file))).toEqual([]);
});

it.each([
  "if (chain.format === 'occasio') {",
  '  nono: {',
  "const x = { agentfence: 'a' };",
  "import { Anchor } from '@/lib/core/formats/agentfence/anchor';",
  "kind === 'nono-attestation'",
  'WHOLE.vouch',
])('finds %s', (line) => {
  expect(line).toMatch(NAMED);
});
it.each([
  "label: 'Occasio agent attestation'",
  "'https://nono.sh/x'",
  'what Arbiter writes',
  "import { formats } from '../formats';",
  'vouched: true',
])('leaves %s alone', (line) => {
  expect(line).not.toMatch(NAMED);
});
