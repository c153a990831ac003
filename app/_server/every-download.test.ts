import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { operationsOf } from './declaration';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Routes that answer something, take no credential for it or hand out no records, findings, evidence, bundles, reports or packages; each list with why. */
const NOTHING_TAKEN: Record<string, readonly string[]> = {
  'for anybody, and the same for everybody': [
    'api/auth/[...all]',
    'api/health',
    'api/health/live',
    'api/health/ready',
    'api/openapi.json',
    'api/v1/[...rest]',
    'api/v1/health',
    'api/v1/signing-keys',
    'api/v1/signing-keys/[...file]',
    'api/v1/trust',
    'api/v1/trust/trusted_root.json',
    'llms.txt',
    'policies/[digest]',
    'ready',
    'tlog/checkpoint',
    'tlog/log.vkey',
    'tlog/tile/[...path]',
    'verify',
    'verify/code.js',
  ],
  'for anybody, and recorded by what it calls': ['api/v1/shared/files/[file]'],
  'how the installation stands and is set up, in names, counts, verdicts and times': [
    'api/v1/access-policy',
    'api/v1/attestation-policy',
    'api/v1/attestation-requests',
    'api/v1/attestation-requests/[requestId]',
    'api/v1/attestations',
    'api/v1/cases',
    'api/v1/chains',
    'api/v1/chains/[chainId]',
    'api/v1/chains/[chainId]/alarms',
    'api/v1/chains/[chainId]/attestation-policy',
    'api/v1/chains/[chainId]/attestations',
    'api/v1/chains/[chainId]/coverage',
    'api/v1/chains/[chainId]/heads',
    'api/v1/chains/[chainId]/holds',
    'api/v1/chains/[chainId]/live',
    'api/v1/chains/[chainId]/problems',
    'api/v1/chains/[chainId]/retention',
    'api/v1/chains/[chainId]/segments',
    'api/v1/chains/[chainId]/sidecars',
    'api/v1/chains/[chainId]/summary',
    'api/v1/chains/[chainId]/uploads',
    'api/v1/events/histogram',
    'api/v1/events/progress',
    'api/v1/findings/times',
    'api/v1/guardrail-keys',
    'api/v1/invitations',
    'api/v1/me/second-factor',
    'api/v1/me/sessions',
    'api/v1/notifications/deliveries',
    'api/v1/notifications/destinations',
    'api/v1/overview',
    'api/v1/packages',
    'api/v1/packages/[packageId]',
    'api/v1/people',
    'api/v1/workspaces',
    'api/v1/preferences/[name]',
    'api/v1/report-runs',
    'api/v1/reports/definitions',
    'api/v1/reports/definitions/[definitionId]',
    'api/v1/retention',
    'api/v1/retention/policy',
    'api/v1/rules',
    'api/v1/rules/[ruleId]',
    'api/v1/rules/[ruleId]/runs',
    'api/v1/rules/[ruleId]/versions',
    'api/v1/rules/[ruleId]/versions/[version]',
    'api/v1/share-links',
    'api/v1/stuck-jobs',
    'api/v1/suppressions',
    'api/v1/suppressions/[suppressionId]',
    'api/v1/tokens',
    'api/v1/views',
    'metrics',
  ],
  'what a sender is told of what it sends': [
    'api/v1/resumable/[[...id]]',
    'api/v1/upload-progress/[id]',
    'elastic/[[...path]]',
    'services/collector/[[...rest]]',
  ],
};

it('whoever takes records, findings, evidence, bundles, reports or packages by a route is written down, or it is listed why not', async () => {
  const undeclared: string[] = [];
  const declared: string[] = [];
  for (const file of globSync('app/**/route.ts', { cwd: ROOT }).toSorted()) {
    const { GET } = (await import(path.join(ROOT, file))) as { GET?: object }; // some have none
    const operations = (GET && operationsOf(GET)) ?? [];
    if (!GET) continue;
    const route = file.replace(/^app\//, '').replace(/\/route\.ts$/, '');
    if (operations.length > 0 && operations.every(({ downloads }) => downloads !== undefined)) declared.push(route);
    else undeclared.push(route);
  }
  expect(undeclared.toSorted()).toEqual(Object.values(NOTHING_TAKEN).flat().toSorted());
  expect(declared.length).toBeGreaterThan(40);
}, 60_000);

it('nothing is handed out by a server action: there is none', () => {
  const files = globSync('{app,lib}/**/*.{ts,tsx}', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(1_000);
  expect(files.filter((file) => /^\s*['"]use server['"]/m.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual(
    [],
  );
});
