import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type PrintedCommand, commandsInSource, commandsOf } from './collect';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where commands are run as they are printed. */
export const RUN_BY = {
  shared: 'e2e/commands.spec.ts',
  own: 'e2e/start-commands.spec.ts',
  secondFactor: 'e2e/second-factor.spec.ts',
} as const;

/** Commands of documents that are run, each by how its text begins; the first that fits counts. */
export const RUN: Record<keyof typeof RUN_BY, Record<string, string[]>> = {
  shared: {
    'README.md': [
      'node workers/sealtrail.mjs token create --scopes ingest,read',
      'node workers/sealtrail.mjs verify pipeline-events.jsonl',
      'node workers/sealtrail.mjs verify ~/',
      'pipeline-events.jsonl  Occasio  tampered',
      'curl -T pipeline-events.jsonl',
      '{ "uploadId"',
      'curl --data-binary @new-lines.jsonl',
      'node workers/sealtrail.mjs tail',
      'curl -H "Authorization',
      'curl -fOJ -H "Authorization: Bearer $TOKEN" http://127.0.0.1:7325/api/v1/chains/$CHAIN_ID/repaired',
      'curl -fOJ -H "Authorization: Bearer $TOKEN" http://127.0.0.1:7325/api/v1/attestations/',
      'curl -fo sealtrail.pem',
      'cosign verify-blob-attestation',
      'node workers/sealtrail.mjs verify-bundle',
      'node workers/sealtrail.mjs attest pipeline-events.jsonl --keyless',
    ],
    'CONTRIBUTING.md': ['npm run examples', 'app/  '],
    'docs/access.md': ['node workers/sealtrail.mjs token create --scopes ingest --chains'],
    'docs/api.md': [
      'node workers/sealtrail.mjs token create --scopes ingest',
      'curl --data-binary @new-lines.jsonl',
      '{ "chainId": "…", "chain": "pipeline"',
      '{ "archive"',
      'curl -X POST -T export.zip',
      'tar cz -C',
      '{ "verdict": "tampered", "asked"',
      '{ "chainId": "…", "chain": "checkout-agent"',
    ],
    'docs/attestations.md': ['curl -X POST', 'jq -r', 'cp agent-run'],
    'docs/cli.md': [
      'node workers/sealtrail.mjs verify pipeline-events.jsonl',
      'node workers/sealtrail.mjs verify logs/',
      'node workers/sealtrail.mjs verify evidence.zip',
      'node workers/sealtrail.mjs verify ~/',
      'node workers/sealtrail.mjs verify audit.jsonl --anchor',
      'kubectl logs agent | node workers/sealtrail.mjs verify -',
      'node workers/sealtrail.mjs inspect pipeline-events.jsonl',
      'node workers/sealtrail.mjs inspect x.jsonl',
      'node workers/sealtrail.mjs repair',
      'node workers/sealtrail.mjs formats',
      'node workers/sealtrail.mjs attest',
      'node workers/sealtrail.mjs tail',
      'sealtrail verify <logs...>',
      '{"file":"x.jsonl"',
      'sealtrail inspect',
      'sealtrail repair',
      'sealtrail attest',
      'sealtrail verify-bundle <',
      'sealtrail verify-proof <',
      'sealtrail sample <',
      'sealtrail tail',
      'sealtrail fsck',
      'sealtrail report',
      'sealtrail backup',
      'sealtrail restore',
    ],
    'docs/forwarder.md': [
      'export SEALTRAIL_TOKEN',
      'node workers/sealtrail.mjs tail ~/.occasio',
      'node workers/sealtrail.mjs tail ~/.local',
      "node workers/sealtrail.mjs tail '/var",
      'node workers/sealtrail.mjs tail audit.jsonl',
      '[Unit]',
    ],
    'docs/notifications.md': ['key=$(printf', '{ "type"'],
    'docs/shippers.md': [
      'SEALTRAIL_TOKEN=',
      "tail -n 1000 /var/log/agent/audit.jsonl | curl -sSf --data-binary @- \\\n  -H 'Authorization: Bearer",
      "tail -n 1000 /var/log/agent/audit.jsonl | curl -sSf --data-binary @- \\\n  -H 'Authorization: Splunk",
      'import { readFileSync }',
    ],
    'docs/signing.md': [
      'node --conditions=react-server',
      'T=https',
      'cosign verify-blob-attestation --key sealtrail.pem --bundle b.json --type $T --insecure',
      'cosign verify-blob-attestation --key sealtrail.pem --bundle b.json --type $T --trusted',
      'cosign verify-blob-attestation --bundle b.json',
    ],
    'docs/transparency.md': ['node workers/sealtrail.mjs verify-proof', 'import base64'],
    'integrations/github-action/README.md': ['cosign verify-blob-attestation'],
  },
  own: {
    'README.md': [
      'npm start -- --only web',
      'npm start -- --only worker',
      'npm start',
      'npm run dev',
      'SEALTRAIL_ADMIN_EMAIL=',
      'node workers/sealtrail.mjs fsck',
      'node workers/sealtrail.mjs backup',
      'SEALTRAIL_DATA_DIR=',
    ],
    'CONTRIBUTING.md': ['npm run dev'],
    'docs/backup.md': [
      'node workers/sealtrail.mjs backup /',
      'node workers/sealtrail.mjs backup --verify',
      'node workers/sealtrail.mjs backup --passphrase-file',
      'SEALTRAIL_DATA_DIR=/var/lib/sealtrail node',
      'SEALTRAIL_DATA_DIR=/var/lib/sealtrail npm',
      'tar -xf',
      'cat sums',
    ],
    'docs/forwarder.md': ['SEALTRAIL_WATCH='],
    'docs/signing.md': [
      'SEALTRAIL_SIGNER=keyless SEALTRAIL_IDENTITY',
      'SEALTRAIL_SIGNER=keyless',
      'SEALTRAIL_IDENTITY_TOKEN_FILE',
      'SEALTRAIL_SIGNING_CONFIG',
      'SEALTRAIL_TRUSTED_ROOT',
      'SEALTRAIL_REQUIRE',
      "SEALTRAIL_SIGNER='pkcs11",
    ],
    'docs/transparency.md': ['SEALTRAIL_WITNESSES=', 'node workers/sealtrail.mjs fsck'],
    'docs/trust-model.md': ['node workers/sealtrail.mjs fsck'],
  },
  secondFactor: {
    'docs/access.md': ['sealtrail person reset-second-factor'],
    'docs/cli.md': ['sealtrail person reset-second-factor'],
  },
};

const CI = 'this test is a part of it: `.ci/run` is `npm test` in a clean clone with nothing installed';
const NAME = 'the name of a command that is given in full elsewhere';
const STATEMENT = 'the shape of a statement; its test in lib/core/statements/predicates holds it against the schema';

/** What is not run as it is printed: its exact text, or the first line of a block; why, and what holds it. */
export const NOT_RUN: { file: string; text: string; reason: string }[] = [
  {
    file: 'docs/search.md',
    text: `search   = and { "OR" and }
and      = term { [ "AND" ] term }
term     = [ "-" | "NOT" ] ( "(" search ")" | field | value )
field    = name ( ":" | "=" | "!=" | ">" | ">=" | "<" | "<=" ) ( value | "(" value { [ "OR" ] value } ")" )
value    = '"' any text, \\" and \\\\ for " and \\ '"' | characters other than space, ( ) and "`,
    reason: 'is the grammar of a search',
  },
  {
    file: 'docs/activity.md',
    text: '{"body":{"action":"chain.seal","actor":{"id":"…","kind":"person","name":"ada@example.org","role":"administrator"},"details":{"records":228},"subject":{"id":"…","type":"chain"},"time":"2026-11-30T22:42:23.108Z","workspaceId":"default"},"hash":"…","prev":"…","seq":6}',
    reason: 'is a line of the log: lib/core/formats/sealtrail-activity/activity.test.ts reads it',
  },
  {
    file: 'docs/activity.md',
    text: 'logsource:',
    reason: 'is a rule: lib/core/formats/sealtrail-activity/activity.test.ts runs it',
  },
  { file: 'docs/rules.md', text: 'correlation:', reason: 'parts of rules: lib/core/rules/parse.test.ts reads them' },
  { file: 'docs/rules.md', text: 'filter:', reason: 'is a filter: lib/core/rules/suppression.test.ts reads it' },
  {
    file: 'THIRD_PARTY.md',
    text: 'npm run licenses',
    reason: 'says what wrote the page, and would write it again into the checkout under test',
  },
  { file: 'README.md', text: 'npm test', reason: CI },
  { file: 'CONTRIBUTING.md', text: 'npm test', reason: CI },
  {
    file: 'CONTRIBUTING.md',
    text: 'npm test -- unit',
    reason: `${CI}; commands.spec.ts holds the steps it names against those there are`,
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'npx vitest --project unit lib/core',
    reason: 'the unit step runs the same tests; commands.spec.ts has vitest list them',
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'npm run test:hours',
    reason:
      'runs unit and integration tests again at seven other hours; commands.spec.ts holds its name against the scripts there are',
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'SEALTRAIL_WRITE_DOCS=1 npx vitest run --project unit lib/core/event',
    reason:
      'would write files of the checkout under test; the unit step runs the same tests and holds the files against what it would write',
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'SEALTRAIL_WRITE_DOCS=1 npx vitest run --project unit lib/core/event lib/core/known.test.ts',
    reason:
      'would write files of the checkout under test; the unit step runs the same tests and holds the files against what it would write',
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'SEALTRAIL_WRITE_DOCS=1 npx vitest run --project unit lib/schemas/browser',
    reason:
      'would write sources of the checkout under test; the unit step runs the same tests and holds the sources against what it would write',
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'SEALTRAIL_WRITE_DOCS=1 npx vitest run --project unit lib/core/checks',
    reason:
      'would write a page of the checkout under test; the unit step runs the same tests and holds the page against what it would write',
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'SEALTRAIL_WRITE_DOCS=1 npx vitest run --project unit app/_server/openapi',
    reason:
      'would write a page of the checkout under test; the unit step runs the same tests and holds the page against what it would write',
  },
  { file: 'CONTRIBUTING.md', text: 'npm run format', reason: 'writes sources; npm test runs it without writing' },
  {
    file: 'CONTRIBUTING.md',
    text: 'npm run bench',
    reason: 'takes minutes; commands.spec.ts holds its name against the scripts there are',
  },
  {
    file: 'CONTRIBUTING.md',
    text: 'npm ci',
    reason: 'would remove the packages this test runs on; the first step of `.ci/run` in a clean clone',
  },
  { file: 'CONTRIBUTING.md', text: 'npm run …', reason: 'stands for any of the scripts' },
  {
    file: 'docs/api.md',
    text: 'agentfence audit anchor',
    reason:
      'AgentFence is in no registry of npm or Debian; anchors as it writes them are in lib/core/formats/agentfence/anchor.test.ts',
  },
  {
    file: 'docs/api.md',
    text: 'occasio attest --sign',
    reason: 'Occasio is in no registry of npm or Debian; what it writes is in e2e/sidecars.spec.ts',
  },
  {
    file: 'docs/attestations.md',
    text: 'occasio attest verify attestation.json',
    reason:
      'Occasio is in no registry of npm or Debian; the two files it is given are made and compared in commands.spec.ts',
  },
  { file: 'docs/forwarder.md', text: 'node workers/sealtrail.mjs tail', reason: NAME },
  { file: 'docs/shippers.md', text: 'node workers/sealtrail.mjs tail', reason: NAME },
  {
    file: 'docs/shippers.md',
    text: '[sources.agent]',
    reason: 'Vector is in no registry of npm or Debian; commands.spec.ts parses it and sends what it asks for',
  },
  {
    file: 'docs/shippers.md',
    text: 'pipeline:',
    reason: 'Fluent Bit is in no registry of npm or Debian 12; commands.spec.ts parses it and sends what it asks for',
  },
  {
    file: 'docs/shippers.md',
    text: 'extensions:',
    reason: 'the Collector is in no registry of npm or Debian; commands.spec.ts parses it and sends what it asks for',
  },
  {
    file: 'docs/shippers.md',
    text: 'positions:',
    reason: 'Promtail is in no registry of npm or Debian; commands.spec.ts parses it and sends what it asks for',
  },
  {
    file: 'docs/signing.md',
    text: 'volumes:',
    reason: 'needs Kubernetes; commands.spec.ts parses it and compares its path with that of the command above it',
  },
  {
    file: 'docs/signing.md',
    text: 'ssh-keygen -l',
    reason: `${NAME}; lib/attest/signers holds the names of keys against it`,
  },
  { file: 'docs/signing.md', text: 'sealtrail verify-bundle', reason: NAME },
  {
    file: 'docs/signing.md',
    text: 'sigstore verify identity --bundle b.json --cert-identity … --cert-oidc-issuer … log.jsonl',
    reason:
      'sigstore-python is in no registry of npm or Debian 12, and names are left out; lib/package/readme.int.test.ts compares the full command, and runs it where sigstore-python is',
  },
  { file: 'docs/verify.md', text: 'sealtrail verify', reason: NAME },
  {
    file: 'integrations/github-action/README.md',
    text: 'permissions:',
    reason:
      'needs GitHub; workers/cli/attest.int.test.ts runs the steps of the action in an empty directory, and commands.spec.ts holds inputs and outputs against it',
  },
  {
    file: 'lib/core/statements/predicates/audit-chain-segment.md',
    text: 'cosign verify-blob-attestation',
    reason: NAME,
  },
  {
    file: 'lib/core/statements/predicates/audit-chain-segment.md',
    text: '{\n  // Standard attestation fields:',
    reason: STATEMENT,
  },
  { file: 'lib/core/statements/predicates/audit-chain-segment.md', text: '{\n  "_type"', reason: STATEMENT },
  { file: 'lib/core/statements/predicates/audit-period.md', text: '{\n  "_type"', reason: STATEMENT },
  { file: 'lib/core/statements/predicates/evidence-package.md', text: '{\n  "_type"', reason: STATEMENT },
  { file: 'lib/core/statements/predicates/evidence-package.md', text: 'sha256sum -c', reason: NAME },
  { file: 'lib/core/statements/predicates/report-run.md', text: '{\n  "_type"', reason: STATEMENT },
  { file: 'lib/core/statements/predicates/chain-tombstone.md', text: '{\n  "_type"', reason: STATEMENT },
];

const PACKAGE = 'lib/package/readme.int.test.ts';
const PAGES = 'e2e/commands.spec.ts';
const WORDS = 'tells of a command in an error or a help text; README.md has it in full';

/** Whether a row is of a file: its name says which, with as much of its path as that takes. */
export const isFile = (row: string, file: string) => file === row || file.endsWith(`/${row}`);

/** What the product prints, by how it begins: the test that runs it, or why none does. */
export const PRINTED: { file: string; text: string; by?: string; reason?: string }[] = [
  { file: 'app/(console)/(overview)/_components/first-steps.tsx', text: 'curl -T', by: PAGES },
  { file: 'app/(console)/attestations/(list)/page.tsx', text: 'curl -X POST', by: PAGES },
  ...[
    'curl -fOJ',
    'curl -fo sealtrail.pem',
    'curl -fo trusted_root.json',
    'curl -fo ${file}',
    'sha256sum',
    'cosign',
  ].map((text) => ({
    file: 'app/(console)/attestations/[attestationId]/_components/check-yourself.tsx',
    text,
    by: PAGES,
  })),
  { file: 'app/(console)/chains/_components/no-chains.tsx', text: 'curl -T', by: PAGES },
  { file: 'lib/core/formats/nono/sidecars.ts', text: 'tar cz -C', by: PAGES },
  { file: 'lib/core/formats/agentfence/sidecars.ts', text: 'tar cz audit', by: PAGES },
  { file: 'lib/core/known.browser.ts', text: 'tar cz', by: PAGES },
  ...['curl -T', 'curl -X POST -T', 'curl -s -H', 'curl -s -X POST'].map((text) => ({
    file: 'app/(console)/chains/[chainId]/_components/connect-tab.tsx',
    text,
    by: PAGES,
  })),
  ...['npm ci', 'node workers', 'curl -sSf'].map((text) => ({
    file: 'app/(console)/chains/[chainId]/_components/connect/shipper-setups.ts',
    text,
    by: PAGES,
  })),
  {
    file: 'app/_components/record/prove-record.tsx',
    text: 'node workers/sealtrail.mjs verify-proof',
    by: 'e2e/transparency.spec.ts',
  },
  { file: 'app/_components/record/record-view.tsx', text: 'curl -f', by: 'e2e/explorer.spec.ts' },
  ...['curl -f', 'sha256sum', 'node ${VERIFIER_PROGRAM}'].map((text) => ({
    file: 'lib/package/sample/sample-readme.ts',
    text,
    by: 'e2e/sample.spec.ts',
  })),
  ...['curl -T', 'curl -H'].map((text) => ({
    file: 'app/(console)/settings/_components/created-token-commands.tsx',
    text,
    by: PAGES,
  })),
  { file: 'app/(console)/settings/_components/tokens.tsx', text: 'node workers', by: PAGES },
  ...['app/(public)/docs/api/page.tsx', 'app/(public)/docs/api/curl.ts'].map((file) => ({
    file,
    text: 'curl -f',
    by: 'e2e/api-docs.spec.ts',
  })),
  { file: 'app/(public)/trust/_components/log.tsx', text: 'curl -f', by: PAGES },
  ...['curl -fo sealtrail.pem', 'curl -fo trusted_root.json', 'curl -f ${trust'].map((text) => ({
    file: 'app/(public)/trust/page.tsx',
    text,
    by: PAGES,
  })),
  ...['sha256sum', 'python3', 'node ${VERIFIER', 'cosign', 'openssl dgst'].map((text) => ({
    file: 'readme.ts',
    text,
    by: PACKAGE,
  })),
  { file: 'readme.ts', text: 'openssl pkeyutl', by: PACKAGE },
  { file: 'no-log.ts', text: 'iconv -f', by: PAGES },
  { file: 'tool-keys.ts', text: 'openssl pkey', by: PAGES },
  { file: 'env.ts', text: 'npm start', reason: WORDS },
  { file: 'verifier-html.ts', text: 'npm start', reason: WORDS },
  { file: 'tail-seal.ts', text: 'sealtrail tail seal', reason: 'no command: what a digest is over' },
  { file: 'workers/sealtrail.mjs', text: 'npm start', reason: WORDS },
  { file: 'workers/cli/installation.ts', text: 'npm start', reason: WORDS },
  { file: 'workers/cli/restore.ts', text: 'npm start', reason: WORDS },
  { file: 'workers/cli/tail.ts', text: 'node workers/sealtrail.mjs token create --scopes ingest', by: PAGES },
  {
    file: 'workers/postgres/binaries.ts',
    text: 'npm ci',
    reason: 'would remove the packages this test runs on; `npm start` and `npm test` do it in a clean clone',
  },
  {
    file: 'workers/licenses.mjs',
    text: 'npm run licenses',
    reason: 'for those who change dependencies: names the command in the file it wrote',
  },
  {
    file: 'integrations/github-action/prepare.mjs',
    text: 'npm ci',
    reason: 'no command: says that it failed; workers/cli/attest.int.test.ts runs it',
  },
];

/** Everything that documents tell people to run. What made a fixture is told beside it and needs the tools of others. */
export function documented(): PrintedCommand[] {
  const files = globSync('**/*.md', {
    cwd: ROOT,
    exclude: ['node_modules', '.next', '.sealtrail', 'test-results', 'playwright-report', '**/fixtures/**'],
  });
  return files.toSorted().flatMap((file) => commandsOf(file, readFileSync(path.join(ROOT, file), 'utf8')));
}

/** Everything that the product's own texts tell people to run. */
export function printed(): PrintedCommand[] {
  const files = globSync(
    ['app/**/*.{ts,tsx}', 'lib/**/*.{ts,tsx}', 'workers/**/*.{ts,mjs}', 'integrations/**/*.{mjs,yml}'],
    { cwd: ROOT },
  );
  return files
    .filter((file) => !/\.(test|bench)\.tsx?$|^lib\/testing\//.test(file))
    .toSorted()
    .flatMap((file) => commandsInSource(file, readFileSync(path.join(ROOT, file), 'utf8')));
}

/** The commands of a document that one of the tests runs, and what it has run of them. @throws Error when none or another begins so. */
export function toRun(by: keyof typeof RUN_BY) {
  const all = documented().filter(({ file, text }) => ranBy(file, text) === by);
  const left = new Set(all.map(({ file, text }) => `${file}: ${text}`));
  return {
    /** The command of a document that is this text, or the first that begins so; it counts as run. */
    take(file: string, beginning: string): string {
      const ofFile = all.filter((command) => command.file === file);
      const found =
        ofFile.find(({ text }) => text === beginning) ?? ofFile.find(({ text }) => text.startsWith(beginning));
      if (!found) throw new Error(`${file} has no command ${beginning}`);
      left.delete(`${file}: ${found.text}`);
      return found.text;
    },
    left: () => [...left],
  };
}

/** Which test runs a command of a document: the one with the longest beginning that fits; null when none does. */
export function ranBy(file: string, text: string): keyof typeof RUN_BY | null {
  if (NOT_RUN.some((row) => row.file === file && isText(row.text, text))) return null;
  const fits = (['shared', 'own', 'secondFactor'] as const).flatMap((by) =>
    (RUN[by][file] ?? [])
      .filter((beginning) => text.startsWith(beginning))
      .map((beginning) => ({ by, length: beginning.length })),
  );
  return fits.toSorted((a, b) => b.length - a.length)[0]?.by ?? null;
}

/** A block is known by how it begins, a command by all of it. */
export function isText(row: string, text: string): boolean {
  return (
    text === row ||
    (text.startsWith(`${row}\n`) && /^[{[]|:$/.test(row)) ||
    (row.startsWith('{\n') && text.startsWith(row))
  );
}
