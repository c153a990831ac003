import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { requestChainAttestation } from '../attest/requests/request-attestation';
import { ingestUpload } from '../ingest/upload';
import { testActor } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { buildVerifier } from '@/workers/build.mjs';
import { auditorEnvironment } from '../testing/audit-tools';
import { ensureCommands } from '../testing/debian-commands';
import { signingFolder } from '../testing/sigstore/environment';
import { startStandIns } from '../testing/sigstore/stand-ins';
import { unpack } from '../testing/unpack';
import { openPackage } from './open-package';
import { requestPackage, getPackage } from './packages';

/** Where there is no cosign this is what runs; where there is one, both have to agree. */
const STAND_IN = auditorEnvironment({ standIn: true });
const commandsIn = (commands: readonly string[], program: string) =>
  commands.filter((block) => block.includes(`${program} `));

/** A URI, as certificates hold (RFC 5280, section 4.2.1.6), that a shell would make something else of. */
const IDENTITY = "https://ci.example/o'brien/$(id)";

let folder: string;
beforeAll(async () => {
  ensureCommands(['python3', 'openssl']);
  await buildVerifier();
}, 600_000);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-readme-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Lays the files of a package of one chain into the folder, and gives the commands of its README. */
async function packed({ ctx, work, settled }: TestInstallation): Promise<string[]> {
  await work();
  const log = await readFile(new URL('../core/formats/occasio/fixtures/tampered.jsonl', import.meta.url));
  const { chainId } = await ingestUpload(ctx, {
    fileName: 'x.jsonl',
    chain: 'a "chain"',
    body: (async function* () {
      yield log;
    })(),
    actor: testActor(),
  });
  await settled(chainId);
  await requestChainAttestation(ctx, {
    chainId,
    scope: { kind: 'range', first: 0, last: 50 },
    actor: testActor('auditor'),
  });
  const { id } = await requestPackage(ctx, { of: { kind: 'chain', chainId }, actor: testActor('auditor') });
  await expect.poll(async () => (await getPackage(ctx, { packageId: id })).state, { timeout: 60_000 }).toBe('done');
  const files = await unpack(
    Buffer.from(await new Response((await openPackage(ctx, { packageId: id })).stream).arrayBuffer()),
  );
  for (const [name, bytes] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  return [...(files.get('README.md')?.toString('utf8') ?? '').matchAll(/```sh\n([\s\S]*?)```/g)].map(
    ([, commands = '']) => commands,
  );
}

const ENV = auditorEnvironment();
const shell = (commands: string, env = ENV) =>
  spawnSync('sh', ['-c', commands], { cwd: folder, encoding: 'utf8', env });
const isWalk = (block: string) => block.includes('verify -');
/** The chain was tampered with: that is what its walk ends with, and nothing else does not hold. */
const wanted = (block: string) => (isWalk(block) ? 1 : 0);

it('its commands check a package signed with a key, as they stand there', async () => {
  const installation = await startInstallation();
  const commands = await packed(installation).finally(() => installation.stop());
  const openssl = commands.find((block) => block.includes('openssl')) ?? '';
  expect(shell(openssl)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/"name": "MANIFEST\.sha256"[\s\S]*Verified OK/),
  });
  // Every command as it is printed, from a folder that holds the package and nothing else.
  const results = commands.map((block) => ({ block, ...shell(block) }));
  expect(results.filter(({ block, status }) => status !== wanted(block))).toEqual([]);
  expect(results.find(({ block }) => isWalk(block))?.stdout).toContain('This log was altered');
  const ran = {
    sha256sum: results.filter(({ block }) => block.startsWith('sha256sum')).length,
    cosign: results.filter(({ block }) => block.includes('cosign verify')).length,
    node: results.filter(({ block }) => block.includes('node sealtrail-verify.mjs')).length,
  };
  // Ours, the summary and the test result of the chain and of the range, and the walk.
  expect(ran).toEqual({ sha256sum: 1, cosign: 7, node: 7 });
  const cosign = commandsIn(commands, 'cosign');
  expect(cosign.map((block) => shell(block, STAND_IN)).filter(({ status }) => status !== 0)).toEqual([]);
  // Another predicate, another file, a flag there is none of.
  const wrong = [
    ['--type https://', '--type https://no.'],
    ['MANIFEST.sha256\n', 'README.md\n'],
    ['--bundle ', '--no-such-flag --bundle '],
  ] as const;
  expect(
    [ENV, STAND_IN].flatMap((env) =>
      wrong.map(([as, other]) => shell((cosign[0] ?? '').replace(as, other), env)).filter(({ status }) => status === 0),
    ),
  ).toEqual([]);
  expect(commands.join('')).not.toContain('npx');
  const tests = commands.filter((block) => block.includes('rule-run') && block.includes('sealtrail-verify.mjs'));
  expect(tests.map((block) => shell(block).stdout)).toEqual([
    expect.stringContaining('FAILED: the log does not hold'),
    expect.stringContaining('the log holds'),
  ]);
  expect((await readdir(folder)).filter((name) => /pae|sig\.bin|trust_config/.test(name))).toEqual([]);

  const published: { items: { hint: string; retiredAt: string | null }[] } = JSON.parse(
    await readFile(path.join(folder, 'keys/keys.json'), 'utf8'),
  );
  const bundle = path.join(folder, 'MANIFEST.sha256.sigstore.json');
  const manifest: { verificationMaterial: { publicKey: { hint: string } } } = JSON.parse(
    await readFile(bundle, 'utf8'),
  );
  expect(published.items).toMatchObject([{ hint: manifest.verificationMaterial.publicKey.hint, retiredAt: null }]);
  const { dsseEnvelope, ...rest }: { dsseEnvelope: { payload: string } } = JSON.parse(await readFile(bundle, 'utf8'));
  const payload = Buffer.from(
    Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8').replace('"files":', '"filez":'),
  ).toString('base64');
  await writeFile(bundle, JSON.stringify({ ...rest, dsseEnvelope: { ...dsseEnvelope, payload } }));
  expect(shell(openssl)).toMatchObject({ status: 1, stdout: expect.stringContaining('Verification failure') });
});

it('its commands check a package signed under a certificate, as they stand there', async () => {
  const [sigstore, configuration] = await Promise.all([startStandIns(), signingFolder()]);
  const installation = await startInstallation({
    SEALTRAIL_SIGNER: 'keyless',
    SEALTRAIL_IDENTITY_TOKEN_FILE: await configuration.file('token', sigstore.token({ sub: IDENTITY })),
    SEALTRAIL_SIGNING_CONFIG: await configuration.file('signing-config.json', sigstore.signingConfig(2)),
    SEALTRAIL_TRUSTED_ROOT: await configuration.file('trusted-root.json', sigstore.trustedRoot),
  });
  const commands = await packed(installation).finally(() =>
    Promise.all([installation.stop(), sigstore.close(), configuration.remove()]),
  );
  const python = commands.find((block) => block.includes('-m sigstore')) ?? '';
  const given = shell(python.replace('python3 -m sigstore', String.raw`printf '%s\n'`)).stdout.trimEnd().split('\n');
  expect(given).toEqual([
    '--trust-config',
    expect.stringMatching(/\/trust_config\.json$/),
    'verify',
    'identity',
    '--cert-identity',
    IDENTITY,
    '--cert-oidc-issuer',
    'https://issuer.example',
    '--bundle',
    'MANIFEST.sha256.sigstore.json',
    'MANIFEST.sha256',
  ]);
  expect(JSON.parse(await readFile(given[1] ?? '', 'utf8'))).toMatchObject({
    mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
    trustedRoot: sigstore.trustedRoot,
  });
  // sigstore-python is in no registry but Python's: where it is not installed its arguments are what can be checked of it.
  const hasPython = spawnSync('python3', ['-m', 'sigstore', '--version']).status === 0;
  const results = commands
    .filter((block) => block !== python || hasPython)
    .map((block) => ({ block, ...shell(block) }));
  expect(results.filter(({ block, status }) => status !== wanted(block))).toEqual([]);
  const cosign = commandsIn(commands, 'cosign');
  expect({ cosign: cosign.length, node: commandsIn(commands, 'node sealtrail-verify.mjs').length }).toEqual({
    cosign: 7,
    node: 7,
  });
  expect(cosign.map((block) => shell(block, STAND_IN)).filter(({ status }) => status !== 0)).toEqual([]);
  // The same for anybody else does not hold.
  for (const env of [ENV, STAND_IN])
    expect(shell((cosign[0] ?? '').replace('ci.example', 'ci.example.org'), env).status).not.toBe(0);
});
