// Writes a bundle of every predicate by every signer, with what it takes to check them: `npm run examples [-- <folder>]`.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleToJSON } from '@sigstore/bundle';
import { readObject } from '../core/formats/read-line';
import { isMet } from '../core/checks/check';
import { verifyBundle } from '../core/statements/verify-bundle';
import { canonicalJson, statementPayload } from '../core/statements/dsse';
import { attestationFile, buildAgentAttestation } from '../core/statements/predicates/agent-attestation';
import { AuditChainSegment, treeSubject } from '../core/statements/predicates/audit-chain-segment';
import { buildPeriodStatement } from '../core/statements/predicates/audit-period';
import { buildTestResult } from '../core/statements/predicates/test-result';
import { buildVerificationResult, type ResultInput } from '../core/statements/predicates/verification-result';
import { buildVerificationSummary } from '../core/statements/predicates/verification-summary';
import { AUDIT_CHAIN_POLICY, policyName } from '../core/statements/policies/audit-chain';
import { standingOf } from '../core/statements/standing';
import type { Statement } from '../core/statements/statement';
import { createHasher } from '../crypto/hasher';
import { stateLog } from '../verify/local/state-log';
import { verifyLogs } from '../verify/local/verify-logs';
import { keylessSigner } from '../attest/signers/keyless';
import { localKeySigner } from '../attest/signers/local-key';
import { pkcs11Signer } from '../attest/signers/pkcs11';
import type { StatementSigner } from '../attest/signers/signer';
import { trustSource } from '../attest/signers/trust-source';
import { signingFolder } from './sigstore/environment';
import { startStandIns } from './sigstore/stand-ins';
import { startToken } from './softhsm';

const OUT = path.resolve(process.argv[2] ?? 'examples');
const FIXTURES = path.resolve(import.meta.dirname, '../core/formats/occasio/fixtures');
const RUN = '3f2a9d1c-0001-4000-8000-000000000001';
const IDENTITY = 'https://ci.example/sealtrail';
const ISSUER = 'https://issuer.example';
const now = () => new Date();

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
for (const name of ['valid', 'tampered'])
  copyFileSync(path.join(FIXTURES, `${name}.jsonl`), path.join(OUT, `${name}.jsonl`));

const [sigstore, token, folder] = await Promise.all([startStandIns(), startToken(), signingFolder()]);
try {
  const statements = { ...(await about('valid')), ...(await about('tampered')) };
  const checks: string[] = [];
  for (const [name, signer] of Object.entries(await signers())) {
    const dir = path.join(OUT, name);
    mkdirSync(dir);
    if (signer.publicKeyPem) writeFileSync(path.join(dir, 'key.pem'), signer.publicKeyPem);
    for (const [file, { log, statement }] of Object.entries(statements))
      checks.push(await write(name, signer, file, log, statement));
  }
  writeFileSync(path.join(OUT, 'trusted_root.json'), JSON.stringify(sigstore.trustedRoot, null, 2));
  writeFileSync(
    path.join(OUT, 'check.sh'),
    `#!/bin/sh\n# Each line has to end well. COSIGN names the program.\nset -eu\ncd "$(dirname "$0")"\n${checks.join('\n')}\necho "${checks.length} bundles hold"\n`,
    { mode: 0o755 },
  );
  process.stdout.write(`${checks.length} bundles in ${OUT}; check.sh has cosign check them all\n`);
} finally {
  await Promise.all([sigstore.close(), token.remove(), folder.remove()]);
}

async function signers(): Promise<Record<string, StatementSigner>> {
  const witnessed = (version: '1' | '2') => ({
    SEALTRAIL_TRUSTED_ROOT: root,
    SEALTRAIL_TSA_URL: `${sigstore.services.tsa.url}/api/v1/timestamp`,
    SEALTRAIL_REKOR_URL: version === '1' ? sigstore.services.rekorV1.url : sigstore.services.rekorV2.url,
    SEALTRAIL_REKOR_VERSION: version,
    SEALTRAIL_REQUIRE: 'log,timestamp',
  });
  const root = await folder.file('trusted-root.json', sigstore.trustedRoot);
  const identity = await folder.file('token', sigstore.token({ sub: IDENTITY }));
  await token.importKey(await p256(), 'examples', 'e1');
  const local = (kind: string, variables: Record<string, string> = {}) => {
    const env = folder.env({ SEALTRAIL_DATA_DIR: path.join(folder.dir, kind), ...variables });
    return localKeySigner(env, trustSource(env, now));
  };
  const keyless = async (kind: string, config: object) => {
    const env = folder.env({
      SEALTRAIL_SIGNER: 'keyless',
      SEALTRAIL_IDENTITY_TOKEN_FILE: identity,
      SEALTRAIL_SIGNING_CONFIG: await folder.file(`${kind}.json`, config),
      SEALTRAIL_TRUSTED_ROOT: root,
    });
    return keylessSigner(env.signing, trustSource(env, now), now);
  };
  const hsm = folder.env({ SEALTRAIL_SIGNER: token.uri('examples') });
  return {
    'key-p256': await local('key-p256'),
    'key-ed25519': await local('key-ed25519', { SEALTRAIL_SIGNING_KEY: 'ed25519' }),
    'key-rekor-1-timestamp': await local('key-rekor-1', witnessed('1')),
    'key-rekor-2-timestamp': await local('key-rekor-2', witnessed('2')),
    pkcs11: await pkcs11Signer(hsm.signing, trustSource(hsm, now)),
    'keyless-rekor-1': await keyless('keyless-rekor-1', sigstore.signingConfig(1)),
    'keyless-rekor-1-timestamp': await keyless('keyless-rekor-1-timestamp', sigstore.signingConfig(1, true)),
    'keyless-rekor-2-timestamp': await keyless('keyless-rekor-2-timestamp', sigstore.signingConfig(2)),
  };
}

async function p256(): Promise<string> {
  const { generateKeyPairSync } = await import('node:crypto');
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** What `sealtrail` states of a log. */
async function segmentStatement(name: string): Promise<Statement> {
  const file = path.join(OUT, `${name}.jsonl`);
  const hasher = await createHasher();
  const { outcomes } = await verifyLogs([{ kind: 'log', file, sizeBytes: null }], {
    threads: 1,
    stdin: (async function* () {})(),
    referenceVerifier: 'small',
  });
  const outcome = (await outcomes.next()).value;
  if (!outcome || !('log' in outcome)) throw new Error(`${file} cannot be checked`);
  const segment = await stateLog(outcome.log, { file, hasher, now: now() });
  await outcomes.return(undefined);
  return segment;
}

/** Every predicate there is, on one log, over the same subjects. */
async function about(name: string): Promise<Record<string, { log: string; statement: Statement }>> {
  const segment = await segmentStatement(name);
  const predicate = AuditChainSegment.parse(segment.predicate);
  const subject = [
    ...segment.subject.slice(0, 1),
    ...(predicate.tree ? [treeSubject(predicate.chain.name, predicate.tree)] : []),
  ];
  const rules = [
    {
      id: '5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a01',
      name: 'Burst of denied tool calls in one session',
      digest: { sha256: createHash('sha256').update('rule').digest('hex') },
    },
  ];
  const policy = { uri: policyName(AUDIT_CHAIN_POLICY), digest: { sha256: AUDIT_CHAIN_POLICY.sha256 } };
  const standing = standingOf(predicate.verdict, predicate.problems.counts);
  const common: Pick<ResultInput, 'subject' | 'verifier' | 'verifiedAt' | 'standing'> = {
    subject,
    verifier: { id: 'https://sealtrail.example', version: { sealtrail: predicate.tool.version } },
    verifiedAt: predicate.verifiedAt,
    standing,
  };
  const lines = readFileSync(path.join(OUT, `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => readObject(Buffer.from(line)));
  const records = lines.filter((record) => record.run_id === RUN);
  const made: Record<string, Statement> = {
    'audit-chain-segment': segment,
    'audit-period': buildPeriodStatement({
      period: { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
      tool: predicate.tool,
      verdict: predicate.verdict,
      chains: [
        {
          chain: predicate.chain,
          format: predicate.format,
          verdict: predicate.verdict,
          problemCounts: predicate.problems.counts,
          recordRange: predicate.recordRange,
          segments: predicate.segments.map(({ name: segmentName, digest }) => ({ name: segmentName, digest })),
          tree: predicate.tree ?? { size: 0, rootHash: '' },
        },
      ],
      rules,
      findingsByLevel: {},
      findings: [],
      attestedAt: predicate.attestedAt,
    }),
    'verification-summary': buildVerificationSummary({
      ...common,
      resourceUri: `file:${name}.jsonl`,
      policy,
      inputAttestations: [],
    }),
    'verification-result': buildVerificationResult({ ...common, policies: [policy], more: [] }),
    'test-result': buildTestResult({
      subject,
      standing,
      policy,
      rules: rules.map((rule) => ({ ...rule, levels: name === 'valid' ? [] : ['high' as const] })),
      url: 'https://sealtrail.example/chains/1',
    }),
    'agent-attestation': buildAgentAttestation(
      { run: RUN, records, chainFile: `${name}.jsonl`, generatedAt: predicate.attestedAt },
      subject,
    ),
  };
  return Object.fromEntries(
    Object.entries(made).map(([kind, statement]) => [`${name}.${kind}`, { log: `${name}.jsonl`, statement }]),
  );
}

/** Writes a bundle that our own verifier takes, and gives the line that has cosign check it. */
async function write(
  name: string,
  signer: StatementSigner,
  file: string,
  log: string,
  statement: Statement,
): Promise<string> {
  const payload = Buffer.from(statementPayload(statement));
  const bundle = bundleToJSON(await signer.sign(payload));
  const keys =
    signer.keyHint && signer.publicKeyPem ? [{ hint: signer.keyHint, publicKeyPem: signer.publicKeyPem }] : [];
  const check = verifyBundle(bundle, {
    trust: {
      keys,
      trustedRoot: sigstore.trustedRoot,
      identities: keys.length > 0 ? [] : [{ subject: IDENTITY, issuer: ISSUER }],
      require: { logEntries: 0, timestamps: 0 },
    },
  });
  if (!check.ok) throw new Error(`${name}/${file}: ${JSON.stringify(check.steps.filter((step) => !isMet(step)))}`);
  const target = `${name}/${file}.sigstore.json`;
  writeFileSync(path.join(OUT, target), `${canonicalJson(bundle)}\n`);
  // What Occasio holds its bundle against.
  if (file.endsWith('agent-attestation')) {
    const signature =
      check.signedBy?.kind === 'certificate'
        ? {
            identity: check.signedBy.subject,
            signedAt: now().toISOString(),
            payloadSha256: createHash('sha256').update(payload).digest('hex'),
            logIndex: check.logEntries[0]?.index ?? null,
          }
        : null;
    writeFileSync(path.join(OUT, name, `${file}.json`), attestationFile(statement.predicate ?? {}, signature));
  }
  const isLogged = check.logEntries.length > 0;
  const isTimed = check.times.some(({ kind }) => kind === 'timestamp');
  const who =
    keys.length > 0
      ? `--key ${name}/key.pem`
      : `--certificate-identity ${IDENTITY} --certificate-oidc-issuer ${ISSUER}`;
  const root = isLogged || isTimed || keys.length === 0 ? ' --trusted-root trusted_root.json' : '';
  return `"\${COSIGN:-cosign}" verify-blob-attestation ${who}${root}${isLogged ? '' : ' --insecure-ignore-tlog'}${isTimed ? ' --use-signed-timestamps' : ''} --type ${statement.predicateType} --bundle ${target} ${log}`;
}
