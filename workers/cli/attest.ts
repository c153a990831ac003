import { readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { exitCode } from '@/lib/core/chain/verdict';
import type { Statement } from '@/lib/core/statements/statement';
import type { StatementSigner } from '@/lib/attest/signers/signer';
import { type CheckOptions, checkLogs } from './check-logs';
import { CliError } from './cli-error';
import { readEvidence } from './evidence';
import { print, visible } from './output';

export type Options = CheckOptions & {
  key?: string;
  keyless?: boolean;
  out?: string;
  also: string[];
  verifier: string;
  resourceUri?: string;
  statement?: boolean;
  identityToken?: string;
  signingConfig?: string;
  trustedRoot?: string;
  tsa?: string;
};

/** Checks the log, signs what came of it, and sets the exit status. */
export async function attest(file: string, options: Options): Promise<void> {
  if (!options.statement && Boolean(options.key) === Boolean(options.keyless))
    throw new CliError('say how to sign: --key <file> or --keyless (or --statement, to sign nothing)');
  for (const predicate of options.also)
    if (predicate !== 'vsa' && predicate !== 'svr') throw new CliError(`--also takes vsa or svr, not ${predicate}`);
  const { createHasher } = await import('@/lib/crypto/hasher');
  const { stateLog } = await import('@/lib/verify/local/state-log');
  const signer = options.statement ? null : await signerOf(options);
  const hasher = await createHasher();
  let attested = 0;
  await checkLogs([file], options, { evidence: await readEvidence([], []) }, async (outcome) => {
    if ('failure' in outcome) throw new CliError(`${outcome.file} ${outcome.failure}`);
    if (outcome.files.length > 1 || outcome.file !== file)
      throw new CliError(
        'attest takes one log that is one file: unpack archives, and name the files of a rotated log one by one',
      );
    attested += 1;
    const { log } = outcome;
    const statement = await stateLog(log, { file, hasher, now: new Date() });
    process.exitCode = exitCode(log.verdict);
    if (!signer) return print(`${JSON.stringify(statement, null, options.json ? 0 : 2)}\n`);
    const written = await signAll(
      signer,
      [statement, ...(await companions(statement, options))],
      options.out ?? `${file}.sigstore.json`,
    );
    if (options.json)
      await print(
        `${JSON.stringify({ file, verdict: log.verdict, records: log.records, signer: signer.name, keyHint: signer.keyHint, bundles: written })}\n`,
      );
    else
      await print(
        `${visible(file)}  ${log.verdict}\n${written.map(({ file: bundle, predicateType }) => `  ${visible(bundle)}  ${predicateType}\n`).join('')}`,
      );
  });
  if (attested === 0) throw new CliError(`${file} is no log`);
}

async function signAll(
  signer: StatementSigner,
  statements: readonly Statement[],
  out: string,
): Promise<{ file: string; predicateType: string }[]> {
  const { bundleJson } = await import('@/lib/attest/signers/bundle-json');
  const { statementPayload } = await import('@/lib/core/statements/dsse');
  const { predicateLabel } = await import('@/lib/core/statements/describe');
  const written: { file: string; predicateType: string }[] = [];
  for (const [n, statement] of statements.entries()) {
    const bundle = await signer.sign(Buffer.from(statementPayload(statement)));
    const file =
      n === 0
        ? out
        : `${out.replace(/(\.sigstore)?\.json$/, '')}.${(predicateLabel(statement.predicateType) ?? String(n)).toLowerCase().replaceAll(/\W+/g, '-')}.sigstore.json`;
    // Whole or not at all: a pipeline must not pick up half a bundle.
    await writeFile(`${file}.part`, `${bundleJson(bundle)}\n`);
    await rename(`${file}.part`, file);
    written.push({ file, predicateType: statement.predicateType });
  }
  return written;
}

/** The same for policy engines, on the file as it lies and the root over its records. */
async function companions(statement: Statement, { also, verifier: id, resourceUri }: Options): Promise<Statement[]> {
  if (also.length === 0) return [];
  const { AuditChainSegment, treeSubject } = await import('@/lib/core/statements/predicates/audit-chain-segment');
  const { buildVerificationSummary } = await import('@/lib/core/statements/predicates/verification-summary');
  const { buildVerificationResult } = await import('@/lib/core/statements/predicates/verification-result');
  const { AUDIT_CHAIN_POLICY, policyName } = await import('@/lib/core/statements/policies/audit-chain');
  const { standingOf } = await import('@/lib/core/statements/standing');
  const { verdict, problems, tool, verifiedAt, chain, tree } = AuditChainSegment.parse(statement.predicate);
  const subject = [...statement.subject.slice(0, 1), ...(tree ? [treeSubject(chain.name, tree)] : [])];
  const policy = { uri: policyName(AUDIT_CHAIN_POLICY), digest: { sha256: AUDIT_CHAIN_POLICY.sha256 } };
  const common = {
    subject,
    verifier: { id, version: { [tool.name]: tool.version } },
    verifiedAt,
    standing: standingOf(verdict, problems.counts),
  };
  return also.map((predicate) =>
    predicate === 'vsa'
      ? buildVerificationSummary({
          ...common,
          resourceUri: resourceUri ?? `file:${encodeURIComponent(chain.name)}`,
          policy,
          inputAttestations: [],
        })
      : buildVerificationResult({ ...common, policies: [{ name: AUDIT_CHAIN_POLICY.name, ...policy }], more: [] }),
  );
}

async function signerOf({ key, identityToken, signingConfig, trustedRoot, tsa }: Options): Promise<StatementSigner> {
  const { readSigning } = await import('@/lib/config/signing-env');
  const { trustSource } = await import('@/lib/attest/signers/trust-source');
  const signing = readSigning({
    ...process.env,
    SEALTRAIL_SIGNER: key ? 'local' : 'keyless',
    ...(identityToken && { SEALTRAIL_IDENTITY_TOKEN_FILE: identityToken }),
    ...(signingConfig && { SEALTRAIL_SIGNING_CONFIG: signingConfig }),
    ...(trustedRoot && { SEALTRAIL_TRUSTED_ROOT: trustedRoot }),
    ...(tsa && { SEALTRAIL_TSA_URL: tsa }),
  });
  const now = () => new Date();
  const source = trustSource(
    { signing, dataDir: path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'sealtrail') },
    now,
  );
  if (!key) return (await import('@/lib/attest/signers/keyless')).keylessSigner(signing, source, now);
  const { keyFileSigner } = await import('@/lib/attest/signers/key-file-signer');
  const passphrase = process.env.SEALTRAIL_KEY_PASSWORD;
  const pem = await readFile(key).catch((error: unknown) => {
    throw new CliError(`${key} cannot be read: ${error instanceof Error ? error.message : ''}`);
  });
  return keyFileSigner(pem, { signing, source, ...(passphrase !== undefined && { passphrase }) });
}
