import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { ADMIN_STATE, installation, sealtrail } from './installation';
import { occasioLog, occasioWriter } from './occasio-log';
import { ownSigstore } from './own-sigstore';
import { chainStatement, runStatement, statementSigner } from './signed-statement';
import { zipOf } from './zip';

// Whoever checks evidence has no account here.
test.use({ storageState: { cookies: [], origins: [] } });

const MIB = 1024 * 1024;
const fixture = (name: string) =>
  readFileSync(path.resolve(import.meta.dirname, `../lib/core/formats/${name.replace('/', '/fixtures/')}`));
const LOG = occasioLog('verify', 500);
const signer = statementSigner();
const BUNDLE = signer.bundle(chainStatement(LOG, 'audit.jsonl'));
const tampered = Buffer.from(LOG);
tampered.write('X', LOG.indexOf('/srv/321') + 1);

type Given = Record<string, Buffer | string | object>;
type Offline = { errors: string[]; requests: string[] };

/** What the page asked for and complained of since it was loaded. */
function watch(page: Page): Offline {
  const seen: Offline = { errors: [], requests: [] };
  page.on('pageerror', ({ message }) => seen.errors.push(message));
  page.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
  page.on('request', (request) => /^(blob|data):/.test(request.url()) || seen.requests.push(request.url()));
  return seen;
}

/** The page, loaded, about to be used and then cut off from everything. */
async function offline(page: Page): Promise<Offline> {
  await page.goto('/verify');
  await chooser(page).focus();
  await expect(page.getByText('Nothing leaves this page; it works offline')).toBeVisible();
  await page.context().setOffline(true);
  return watch(page);
}

const chooser = (page: Page) => page.locator('input[type=file]:not([webkitdirectory])');

async function give(page: Page, files: Given): Promise<void> {
  const bytes = (content: Buffer | string | object) =>
    Buffer.isBuffer(content) ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  await chooser(page).setInputFiles(
    Object.entries(files).map(([name, content]) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: bytes(content),
    })),
  );
}

/** Drags files or folders of this machine onto the page. */
async function drop(page: Page, files: string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', {
      type,
      x: 700,
      y: 500,
      data: { items: [], files, dragOperationsMask: 1 },
    });
}

const result = (page: Page) => page.getByRole('region', { name: 'Result', exact: true });
const check = (page: Page, file: string, title: string) =>
  page
    .getByRole('list', { name: `Checks of ${file}` })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: title }) });

async function isAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
}

test('anybody gets the page, and with it a policy under which nothing can leave it', async ({ page }) => {
  const seen = watch(page);
  const answer = await page.goto('/verify');
  expect(answer?.status()).toBe(200);
  const policy = (await answer?.headerValue('content-security-policy')) ?? '';
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-[^']+'; .*connect-src 'none'/,
  );
  expect(policy).not.toContain(',');
  await expect(page.getByRole('heading', { name: 'Check an audit log and what was signed about it' })).toBeVisible();
  expect(seen.requests).toEqual([answer?.url()]);
  expect(seen.errors).toEqual([]);
  expect(
    await page.evaluate(() =>
      fetch('/api/health').then(
        () => 'reached',
        () => 'forbidden',
      ),
    ),
  ).toBe('forbidden');
});

test('what checks is fetched when the page is first used, by its digest, and once', async ({ page }) => {
  const seen = watch(page);
  await page.goto('/verify');
  await page.context().setOffline(true);
  await give(page, { 'audit.jsonl': LOG });
  const absent = page.getByRole('alert').filter({ hasText: 'could not be fetched, so nothing was checked' });
  await expect(absent).toBeVisible();
  await page.context().setOffline(false);
  await page.route('**/verify/code.js**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'alert(1)' }),
  );
  await absent.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => seen.errors.join('\n')).toContain('integrity');
  await expect(absent).toBeVisible();
  await page.unroute('**/verify/code.js**');
  await absent.getByRole('button', { name: 'Try again' }).click();
  await expect(result(page)).toContainText('The chain holds');
  await expect(absent).toBeHidden();
  const fetched = seen.requests.length;
  await give(page, { 'other.jsonl': fixture('occasio/tampered.jsonl') });
  await expect(page.getByRole('region', { name: 'Problems of other.jsonl' })).toBeVisible();
  expect(seen.requests.length).toBe(fetched);
});

test('with the network off: a log and what was signed about it hold', async ({ page }) => {
  const seen = await offline(page);
  await give(page, { 'audit.jsonl': LOG, 'audit.sigstore.json': BUNDLE, 'key.pem': signer.pem });
  await expect(result(page)).toContainText('Everything holds');
  await expect(check(page, 'audit.sigstore.json', 'These are the bytes it covers')).toContainText(
    'audit.jsonl has, whole',
  );
  await expect(check(page, 'audit.sigstore.json', 'Hash of the last record')).toContainText('Stated and found');
  await expect(page.getByText('500 records from')).toBeVisible();
  await isAccessible(page);
  expect(seen).toEqual({ errors: [], requests: [] });
});

test('a log that was changed is refused, and the record named', async ({ page }) => {
  const seen = await offline(page);
  await give(page, { 'audit.jsonl': tampered, 'audit.sigstore.json': BUNDLE, 'key.pem': signer.pem });
  await expect(result(page)).toContainText('It does not hold');
  await expect(result(page)).toContainText('In the log, record 321, line 322');
  await expect(check(page, 'audit.sigstore.json', 'These are the bytes it covers')).toContainText('does not hold');
  await expect(page.getByRole('region', { name: 'Problems of audit.jsonl' })).toContainText('Record 321');
  await isAccessible(page);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the result' }).click(),
  ]);
  expect(readFileSync(await saved.path(), 'utf8')).toContain('problem at record 321, line 322');
  expect(seen).toEqual({ errors: [], requests: [] });
});

test('a bundle in which a byte was changed is refused', async ({ page }) => {
  await offline(page);
  const { payload } = BUNDLE.dsseEnvelope;
  const at = Math.floor(payload.length / 2);
  const changed = {
    ...BUNDLE,
    dsseEnvelope: {
      ...BUNDLE.dsseEnvelope,
      payload: `${payload.slice(0, at)}${payload[at] === 'A' ? 'B' : 'A'}${payload.slice(at + 1)}`,
    },
  };
  await give(page, { 'audit.jsonl': LOG, 'audit.sigstore.json': changed, 'key.pem': signer.pem });
  await expect(result(page)).toContainText('It does not hold');
  await expect(check(page, 'audit.sigstore.json', 'The signature is by a key we trust')).toContainText('does not hold');
});

test('without the key nothing is proven, and nothing is called false', async ({ page }) => {
  await offline(page);
  await give(page, { 'audit.jsonl': LOG, 'audit.sigstore.json': BUNDLE });
  await expect(result(page)).toContainText('No check failed; not everything could be checked');
  await expect(check(page, 'audit.sigstore.json', 'Who signed it')).toContainText(signer.hint);
  await give(page, { 'key.pem': signer.pem });
  await expect(result(page)).toContainText('Everything holds');
  await page.getByRole('button', { name: 'Remove key.pem' }).click();
  await expect(result(page)).toContainText('not everything could be checked');
});

test('nono: a session, its log and its attestation', async ({ page }) => {
  await offline(page);
  const session = JSON.parse(fixture('nono/session.json').toString());
  const type = 'https://nono.sh/attestation/audit-session/alpha';
  const { event_count, chain_head, merkle_root } = session.audit_integrity;
  const bundle = signer.bundle({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `audit-session:${session.session_id}`, digest: { sha256: merkle_root } }],
    predicateType: type,
    predicate: {
      version: 1,
      session_id: session.session_id,
      started: session.started,
      ended: session.ended,
      command: session.command,
      audit_log: { hash_algorithm: 'sha256', event_count, chain_head, merkle_root },
      signer: { kind: 'keyed', key_id: signer.hint },
    },
  });
  const attested = {
    ...session,
    audit_attestation: {
      predicate_type: type,
      key_id: signer.hint,
      public_key: signer.spki,
      bundle_filename: 'audit-attestation.bundle',
    },
  };
  await give(page, {
    'audit-events.ndjson': fixture('nono/valid.jsonl'),
    'session.json': attested,
    'audit-attestation.bundle': bundle,
  });
  await expect(result(page)).toContainText('Self-attested');
  await expect(check(page, 'audit-attestation.bundle', 'Head of the log')).toContainText(
    `Stated and found: ${chain_head}`,
  );
  await give(page, { 'nono.pem': signer.pem });
  await expect(result(page)).toContainText('Everything holds');
  await isAccessible(page);
});

test('Occasio: a run attested with a certificate, in a transparency log, with a timestamp', async ({ page }) => {
  const sigstore = await ownSigstore();
  try {
    const bundle = await sigstore.bundle(runStatement(LOG, 'verify'));
    await offline(page);
    await give(page, {
      'pipeline-events.jsonl': LOG,
      'verify.sigstore.json': bundle,
      'trusted_root.json': sigstore.trustedRoot,
    });
    await expect(result(page)).toContainText('Everything holds');
    await expect(check(page, 'verify.sigstore.json', 'Signed by https://ci.example/sealtrail')).toContainText(
      'The trusted root is trusted because you gave it yourself',
    );
    for (const title of [
      'A timestamp authority saw the signature',
      'A transparency log holds the signature',
      'Records of the run',
      'Hash of its last record',
    ])
      await expect(check(page, 'verify.sigstore.json', title)).toBeVisible();
    await page.getByText('Who should have signed, for certificates').click();
    await page.getByLabel('Identity, a mail address or URI').fill('https://ci.example/somebody-else');
    await page.getByLabel('Issuer that authenticated it').fill('https://issuer.example');
    await page.getByRole('button', { name: 'Check again' }).click();
    await expect(result(page)).toContainText('It does not hold');
    await isAccessible(page);
  } finally {
    await sigstore.close();
  }
});

test('a package is checked against its own list, and its own key is called that', async ({ page }) => {
  const seen = await offline(page);
  const files = {
    'segments/1.jsonl': LOG,
    'bundles/audit.sigstore.json': Buffer.from(JSON.stringify(BUNDLE)),
    'keys/key.pem': Buffer.from(signer.pem),
    'README.md': Buffer.from('# Read me\n'),
  };
  const manifest = Buffer.from(
    Object.entries(files)
      .map(([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`)
      .join(''),
  );
  await give(page, { 'evidence.zip': zipOf({ ...files, 'MANIFEST.sha256': manifest }) });
  await expect(result(page)).toContainText('Self-attested: this key came with what it vouches for');
  await expect(check(page, 'evidence.zip', 'Every file is as the manifest lists it')).toContainText('4 files');
  await give(page, { 'key.pem': signer.pem });
  await expect(result(page)).toContainText('Everything holds');
  await isAccessible(page);

  await page.getByRole('button', { name: 'Remove all' }).click();
  await give(page, { 'evidence.zip': zipOf({ ...files, 'segments/1.jsonl': tampered, 'MANIFEST.sha256': manifest }) });
  await expect(result(page)).toContainText('record 321');
  await expect(check(page, 'evidence.zip', 'Every file is as the manifest lists it')).toContainText(
    'Changed since: segments/1.jsonl',
  );
  expect(seen).toEqual({ errors: [], requests: [] });
});

/** What this installation hands out, with a token that may read. */
async function ours(): Promise<{
  get(path: string): Promise<Buffer>;
  post(path: string, body: object): Promise<Buffer>;
}> {
  const authorization = `Bearer ${await sealtrail('token', 'create', '--scopes', 'read,ingest', '--name', `verify ${Date.now()}`)}`;
  const send = async (path: string, init: RequestInit) => {
    const answer = await fetch(`${installation().url}${path}`, {
      ...init,
      headers: { authorization, 'content-type': 'application/json' },
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body.toString()}`);
    return body;
  };
  return {
    get: (path) => send(path, {}),
    post: (path, body) => send(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}

type Chain = { id: string; verdict: string; records: number };
async function chainNamed(api: Awaited<ReturnType<typeof ours>>, name: string): Promise<Chain> {
  const { items }: { items: Chain[] } = JSON.parse(
    (await api.get(`/api/v1/chains?q=${encodeURIComponent(name)}`)).toString(),
  );
  const [chain] = items;
  if (!chain) throw new Error(`there is no chain ${name}`);
  return chain;
}

/** An evidence package made by this installation. */
async function packageOf(api: Awaited<ReturnType<typeof ours>>, of: object): Promise<Buffer> {
  const { id }: { id: string } = JSON.parse((await api.post('/api/v1/packages', { of })).toString());
  const state = async () =>
    (JSON.parse((await api.get(`/api/v1/packages/${id}`)).toString()) as { state: string }).state; // an API of ours
  await expect.poll(state, { timeout: 60_000 }).toBe('done');
  return api.get(`/api/v1/packages/${id}/zip`);
}

for (const [name, said] of [
  ['sample/support-copilot', 'Everything holds'],
  ['sample/release-bot', 'the log was tampered with'],
] as const) {
  test(`an evidence package of ${name}, made here, is checked offline`, async ({ page }) => {
    const api = await ours();
    const chain = await chainNamed(api, name);
    const zip = await packageOf(api, { kind: 'chain', chainId: chain.id });
    const { items: keys }: { items: { hint: string; publicKeyPem: string }[] } = JSON.parse(
      (await api.get('/api/v1/signing-keys')).toString(),
    );
    const seen = await offline(page);
    await give(page, { 'evidence.zip': zip });
    await expect(check(page, 'evidence.zip', 'Every file is as the manifest lists it')).toBeVisible();
    await expect(result(page)).not.toContainText('It does not hold');
    await expect(page.getByText('self-attested').first()).toBeVisible();
    await give(page, Object.fromEntries(keys.map(({ publicKeyPem }, index) => [`key-${index}.pem`, publicKeyPem])));
    await expect(result(page)).toContainText(said);
    await isAccessible(page);
    expect(seen).toEqual({ errors: [], requests: [] });
  });
}

test('summaries, results and rule runs made here say of a good and of a tampered log what the page finds', async ({
  page,
  browser,
}) => {
  const api = await ours();
  const person = await browser.newContext({ storageState: ADMIN_STATE });
  const { items: keys }: { items: { publicKeyPem: string }[] } = JSON.parse(
    (await api.get('/api/v1/signing-keys')).toString(),
  );
  const found: { zip: Buffer; chain: Chain; says: string }[] = [];
  for (const [name, says] of [
    ['sample/support-copilot', 'It says PASSED'],
    ['sample/release-bot', 'It says FAILED'],
  ] as const) {
    const chain = await chainNamed(api, name);
    const url = `${installation().url}/api/v1/chains/${chain.id}/attestation-policy`;
    const policy = {
      onClose: true,
      onSeal: true,
      everyRecords: null,
      everyMinutes: null,
      predicates: ['vsa', 'svr', 'test-result'],
      alertAfterMinutes: null,
    };
    const answer = await person.request.put(url, { data: policy, headers: { origin: installation().url } });
    expect(answer.status(), await answer.text()).toBe(200);
    const { id }: { id: string } = JSON.parse(
      (await api.post(`/api/v1/chains/${chain.id}/attestations`, { scope: { kind: 'chain' } })).toString(),
    );
    found.push({ chain, says, zip: await packageOf(api, { kind: 'attestation', attestationId: id }) });
    expect((await person.request.delete(url, { headers: { origin: installation().url } })).ok()).toBe(true);
  }
  await person.close();
  await offline(page);
  for (const { zip, says } of found) {
    await give(page, {
      'evidence.zip': zip,
      ...Object.fromEntries(keys.map(({ publicKeyPem }, index) => [`key-${index}.pem`, publicKeyPem])),
    });
    await expect(result(page)).toContainText(
      says === 'It says PASSED'
        ? 'Everything holds that can be checked here'
        : 'What was signed holds; the log was tampered with',
    );
    for (const summary of await page.locator('details > summary').all()) await summary.click();
    const row = (title: string) =>
      page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) });
    await expect(row(says).first()).toContainText('Walked again here');
    await expect(row(says).getByRole('heading').first()).toContainText('holds');
    await expect(row('What rules found').first()).toContainText('rules are not run in the browser');
    await isAccessible(page);
    await page.getByRole('button', { name: 'Remove all' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Check an audit log');
  }
});

test('packages of some records and of a period, made here, are checked offline', async ({ page }) => {
  const api = await ours();
  const chain = await chainNamed(api, 'sample/support-copilot');
  const {
    items: [record],
  }: { items: { sessionId: string }[] } = JSON.parse(
    (await api.get(`/api/v1/chains/${chain.id}/records?limit=1`)).toString(),
  );
  const packages: Buffer[] = [];
  for (const scope of [
    { kind: 'range', first: 10, last: 40 },
    { kind: 'session', session: record?.sessionId },
  ]) {
    const { id }: { id: string } = JSON.parse(
      (await api.post(`/api/v1/chains/${chain.id}/attestations`, { scope })).toString(),
    );
    packages.push(await packageOf(api, { kind: 'attestation', attestationId: id }));
  }
  packages.push(
    await packageOf(api, {
      kind: 'period',
      from: '2000-01-01T00:00:00Z',
      to: '2100-01-01T00:00:00Z',
      chainIds: [chain.id],
    }),
  );
  const { items: keys }: { items: { publicKeyPem: string }[] } = JSON.parse(
    (await api.get('/api/v1/signing-keys')).toString(),
  );
  await offline(page);
  for (const zip of packages) {
    await give(page, { 'evidence.zip': zip, 'key.pem': keys.map(({ publicKeyPem }) => publicKeyPem).join('') });
    await expect(check(page, 'evidence.zip', 'Every file is as the manifest lists it')).toBeVisible();
    await expect(result(page)).toContainText('Everything holds');
    if (zip === packages.at(-1))
      for (const what of ['Verdict', 'Records in the period'])
        await expect(
          page.getByRole('heading', { name: `${what} of "sample/support-copilot"`, includeHidden: true }),
        ).toContainText('holds');
    await isAccessible(page);
    await page.getByRole('button', { name: 'Remove all' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Check an audit log');
  }
});

test('the proof of one record, made here, is checked offline', async ({ page }) => {
  const api = await ours();
  const chain = await chainNamed(api, 'sample/support-copilot');
  const proof = await api.get(`/api/v1/chains/${chain.id}/records/3/proof`);
  const { items: keys }: { items: { hint: string; publicKeyPem: string }[] } = JSON.parse(
    (await api.get('/api/v1/signing-keys')).toString(),
  );
  await offline(page);
  await give(page, { 'record.proof.json': proof, 'key.pem': keys.map(({ publicKeyPem }) => publicKeyPem).join('') });
  await expect(result(page)).toContainText('Everything holds');
  await expect(page.getByText(/Record 3 was in a chain of/)).toBeVisible();
  const changed = {
    ...JSON.parse(proof.toString()),
    record: { ordinal: 4, line: JSON.parse(proof.toString()).record.line },
  };
  await page.getByRole('button', { name: 'Remove record.proof.json' }).click();
  await give(page, { 'record.proof.json': changed });
  await expect(result(page)).toContainText('It does not hold');
  await isAccessible(page);
});

test('a folder dropped on the page is a package', async ({ page }, info) => {
  const folder = info.outputPath('evidence');
  const files = {
    'segments/1.jsonl': LOG,
    'bundles/audit.sigstore.json': Buffer.from(JSON.stringify(BUNDLE)),
    'README.md': Buffer.from('# Read me\n'),
  };
  const manifest = Object.entries(files).map(
    ([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`,
  );
  for (const [name, content] of Object.entries({ ...files, 'MANIFEST.sha256': manifest.join('') })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  await offline(page);
  await drop(page, [folder]);
  await expect(check(page, 'evidence', 'Every file is as the manifest lists it')).toContainText('3 files');
  await expect(check(page, 'bundles/audit.sigstore.json', 'These are the bytes it covers')).toContainText(
    'segments/1.jsonl has, whole',
  );
});

test('a folder can be chosen instead of dropped', async ({ page }, info) => {
  const folder = info.outputPath('evidence');
  mkdirSync(folder);
  const list = `${createHash('sha256').update(LOG).digest('hex')}  audit.jsonl\n`;
  for (const [name, content] of Object.entries({ 'audit.jsonl': LOG, 'MANIFEST.sha256': list }))
    writeFileSync(path.join(folder, name), content);
  await offline(page);
  await page.getByLabel('or choose a folder').setInputFiles(folder);
  await expect(check(page, 'evidence', 'No file was added')).toContainText('Nothing is here that is not listed');
  await expect(result(page)).toContainText('no signed statement confirms it');
});

test('a summary that says PASSED of a log that was tampered with does not hold', async ({ page }) => {
  const seen = await offline(page);
  const summary = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'audit.jsonl', digest: { sha256: createHash('sha256').update(tampered).digest('hex') } }],
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: 'https://sealtrail.dev/verifier/0.1.0' },
      timeVerified: '2026-05-12T00:00:00Z',
      resourceUri: 'https://sealtrail.example/chains/1',
      policy: { uri: 'https://sealtrail.dev/policy/audit-chain/v1' },
      verificationResult: 'PASSED',
      verifiedLevels: ['AUDIT_CHAIN_VERIFIED'],
    },
  };
  await give(page, { 'audit.jsonl': tampered, 'vsa.sigstore.json': signer.bundle(summary), 'key.pem': signer.pem });
  await expect(result(page)).toContainText('It does not hold');
  await expect(check(page, 'vsa.sigstore.json', 'It says PASSED')).toContainText('Walked again here, it is tampered');
  await isAccessible(page);
  expect(seen).toEqual({ errors: [], requests: [] });
});

test('files rotation made of one log are one chain', async ({ page }) => {
  await offline(page);
  const cut = LOG.indexOf('\n', LOG.length / 2) + 1;
  await give(page, {
    'audit.jsonl': LOG.subarray(cut),
    'audit.jsonl.1': LOG.subarray(0, cut),
    'audit.sigstore.json': BUNDLE,
    'key.pem': signer.pem,
  });
  await expect(result(page)).toContainText('Everything holds');
  await expect(page.getByRole('heading', { name: 'audit.jsonl.1, audit.jsonl' })).toBeVisible();
  await expect(page.getByText('500 records from')).toBeVisible();
});

test('with the keyboard alone: files are taken away one by one, and the focus is never lost', async ({ page }) => {
  await offline(page);
  await give(page, { 'audit.jsonl': LOG, 'audit.sigstore.json': BUNDLE, 'key.pem': signer.pem });
  await expect(result(page)).toContainText('Everything holds');
  const takeAway = (name: string) => page.getByRole('button', { name: `Remove ${name}` });
  await takeAway('audit.jsonl').focus();
  await page.keyboard.press('Enter');
  await expect(takeAway('audit.jsonl')).toHaveCount(0);
  await expect(takeAway('audit.sigstore.json')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(takeAway('key.pem')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Check an audit log and what was signed about it' })).toBeVisible();
  await expect(chooser(page)).toBeFocused();
});

test('a log with ten thousand problems shows the first of them, and how many there are', async ({ page }) => {
  const seen = await offline(page);
  const lines = occasioLog('many', 10_001).toString().split('\n');
  await give(page, {
    'many.jsonl': lines.map((line, index) => (index === 0 ? line : line.replace('"PASS"', '"BLOCK"'))).join('\n'),
  });
  await expect(page.getByRole('heading', { name: '200 of 10,000 problems' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Problems of many.jsonl' }).getByRole('listitem')).toHaveCount(200);
  await isAccessible(page);
  expect(seen).toEqual({ errors: [], requests: [] });
});

test('the saved page is the page, and does the same from a folder', async ({ page, context }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-verify-'));
  try {
    const served = await (await page.request.get('/verify?download')).body();
    await page.goto('/verify');
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save this page' }).click();
    const saved = path.join(folder, (await saving).suggestedFilename());
    await (await saving).saveAs(saved);
    expect(readFileSync(saved).equals(served)).toBe(true);

    await context.setOffline(true);
    const alone = await context.newPage();
    const seen = watch(alone);
    await alone.goto(pathToFileURL(saved).href);
    const savingAgain = alone.waitForEvent('download');
    await alone.getByRole('button', { name: 'Save this page' }).click();
    expect(readFileSync(await (await savingAgain).path()).equals(served)).toBe(true);
    await give(alone, { 'audit.jsonl': LOG, 'audit.sigstore.json': BUNDLE, 'key.pem': signer.pem });
    await expect(result(alone)).toContainText('Everything holds');
    await give(alone, { 'other.jsonl': fixture('occasio/tampered.jsonl') });
    await expect(result(alone)).toContainText('What was signed holds; the log was tampered with');
    await alone.getByRole('button', { name: 'Remove all' }).click();
    const evidence = path.join(folder, 'evidence');
    mkdirSync(evidence);
    const paths = Object.entries({ 'audit.jsonl': LOG, 'audit.sigstore.json': JSON.stringify(BUNDLE) }).map(
      ([name, content]) => {
        writeFileSync(path.join(evidence, name), content);
        return path.join(evidence, name);
      },
    );
    for (const dropped of [[evidence], paths]) {
      await drop(alone, dropped);
      await expect(check(alone, 'audit.sigstore.json', 'These are the bytes it covers')).toContainText(
        'audit.jsonl has, whole',
      );
      await alone.getByRole('button', { name: 'Remove all' }).click();
    }
    expect(seen).toEqual({ errors: [], requests: [pathToFileURL(saved).href] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a log of 300 MB is walked while the page goes on, and can be stopped', async ({ page }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-verify-'));
  try {
    const file = path.join(folder, 'large.jsonl');
    const records = await writeLarge(file);
    const seen = await offline(page);
    const progress = page.getByRole('progressbar', { name: 'Reading large.jsonl' });
    await chooser(page).setInputFiles(file);
    await expect(result(page)).toContainText(/\d+%, .* of 3\d\d MiB, .*MiB\/s/);
    await page.getByText('Who should have signed, for certificates').click();
    await expect(page.getByLabel('Identity, a mail address or URI')).toBeVisible();
    await expect(progress).toBeVisible();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByText('Stopped before its end').first()).toBeVisible();

    await page.getByRole('button', { name: 'Remove all' }).click();
    await chooser(page).setInputFiles(file);
    await expect(progress).toBeVisible();
    await expect(page.getByText(`${records.toLocaleString('en-GB')} records from`)).toBeVisible({ timeout: 120_000 });
    await expect(result(page)).toContainText('The chain holds');
    expect(seen).toEqual({ errors: [], requests: [] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** 300 MB at least; the number of records. */
async function writeLarge(file: string): Promise<number> {
  const write = occasioWriter('large');
  const stream = createWriteStream(file);
  let [records, sizeBytes] = [0, 0];
  while (sizeBytes < 300 * MIB) {
    const chunk = write(20_000);
    records += 20_000;
    sizeBytes += chunk.length;
    if (!stream.write(chunk)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
  return records;
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    for (const tag of ['', ' @mobile']) {
      test(`is accessible before, and after what fails and what holds${tag}`, async ({ page }) => {
        await page.goto('/verify');
        await isAccessible(page);
        await give(page, {
          'audit.jsonl': tampered,
          'audit.sigstore.json': BUNDLE,
          'key.pem': signer.pem,
          'notes.txt': 'hello',
        });
        await expect(result(page)).toContainText('It does not hold');
        await isAccessible(page);
        await page.getByRole('button', { name: 'Remove audit.jsonl' }).click();
        await give(page, { 'audit.jsonl': LOG });
        await expect(result(page)).toContainText('Everything holds');
        await isAccessible(page);
      });
    }
  });
}
