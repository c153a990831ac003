import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { Here } from './commands/here';
import { toRun } from './commands/listed';
import { ROOT } from './launch';

// Every command that starts an installation, run as it is printed, one after another on one data directory.
test.describe.configure({ mode: 'serial', timeout: 240_000 });

const LOG = readFileSync(path.join(ROOT, 'lib/core/formats/occasio/fixtures/valid.jsonl'));
const DOCUMENTS = toRun('own');
const READY = /^Sealtrail is ready: (\S+)$/m;

let here: Here;
let port: string;
let token = '';

/** A token of the installation that runs. */
async function makeToken(): Promise<void> {
  const { stdout, stderr } = await here.run('node workers/sealtrail.mjs token create --scopes ingest,read');
  expect(stdout, stderr).toMatch(/^st_/);
  token = stdout.trim();
}

function freePort(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(String(typeof address === 'object' && address ? address.port : 0)));
    });
  });
}

/** Runs a command to its end, which is to be a good one that says this. */
async function ends(command: string, says: string): Promise<void> {
  const { status, stdout, stderr } = await here.run(command);
  expect([status, stdout], `${command}\n${stderr}`).toEqual([0, expect.stringContaining(says)]);
}

type Running = { url: string; said: () => string; api: (where: string, init?: RequestInit) => Promise<Response> };

/** Runs a command that starts Sealtrail for as long as the work takes, and wants it to end well when it is stopped. */
async function whileRunning(
  text: string,
  env: Record<string, string>,
  work: (running: Running) => Promise<void>,
  isUp = READY,
): Promise<void> {
  const started = here.start(text, env);
  const said = () => `${started.said.stdout}${started.said.stderr}`;
  let ended = false;
  void started.ended.then(() => (ended = true));
  try {
    await expect.poll(() => ended || isUp.test(said()), { timeout: 180_000, message: text }).toBe(true);
    const url = READY.exec(said())?.[1] ?? here.env['URL'] ?? '';
    expect(said(), text).toMatch(isUp);
    await work({
      url,
      said,
      api: (where, init = {}) =>
        fetch(`${url}${where}`, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } }),
    });
  } finally {
    const { status } = await started.stop();
    expect([0, 130], said()).toContain(status);
  }
}

const Attested = z.object({ items: z.array(z.looseObject({ id: z.string() })) });
const Detail = z.looseObject({
  keyHint: z.string().nullable(),
  certificate: z.looseObject({ subject: z.string() }).nullable(),
  logEntries: z.array(z.unknown()),
  times: z.array(z.unknown()),
});

/** Sends the log to a chain of its own, and gives what it was attested with. */
async function attested({ api }: Running, chain: string): Promise<z.infer<typeof Detail>> {
  const { chainId } = z
    .object({ chainId: z.string() })
    .parse(
      await (await api(`/api/v1/uploads/x.jsonl?chain=${chain}`, { method: 'PUT', body: new Uint8Array(LOG) })).json(),
    );
  const list = async () => Attested.parse(await (await api(`/api/v1/chains/${chainId}/attestations`)).json()).items;
  await expect.poll(async () => (await list()).length, { timeout: 60_000 }).toBe(1);
  return Detail.parse(await (await api(`/api/v1/attestations/${(await list())[0]?.id}`)).json());
}

test.beforeAll(async () => {
  port = await freePort();
  here = new Here([]);
  Object.assign(here.env, {
    SEALTRAIL_DATA_DIR: path.join(here.folder, 'data'),
    SEALTRAIL_PORT: port,
    URL: `http://127.0.0.1:${port}`,
  });
});
test.afterAll(() => here?.remove());

test('README.md: npm start prints a URL and a one-time link; then the first administrator without it, web and worker alone, fsck', async () => {
  await whileRunning(DOCUMENTS.take('README.md', 'npm start'), {}, async ({ said }) => {
    await expect.poll(said).toMatch(/one-time link: http:\S+/);
  });
  const first = DOCUMENTS.take('README.md', 'SEALTRAIL_ADMIN_EMAIL=');
  await whileRunning(first, {}, async ({ url, said, api }) => {
    expect(said()).not.toContain('one-time link');
    const [, email = '', password = ''] = /EMAIL=(\S+) SEALTRAIL_ADMIN_PASSWORD='([^']+)'/.exec(first) ?? [];
    expect(
      (
        await fetch(`${url}/api/auth/sign-in/email`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Origin: url },
          body: JSON.stringify({ email, password }),
        })
      ).status,
    ).toBe(200);
    await makeToken();
    const run = z
      .object({ env: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(path.join(here.folder, 'data/run.json'), 'utf8')));
    // On another host: what all of them are given, and a data directory of its own.
    const host = async (name: string) => ({
      ...run.env,
      SEALTRAIL_DATA_DIR: path.join(here.folder, name),
      SEALTRAIL_PORT: await freePort(),
    });
    await whileRunning(
      DOCUMENTS.take('README.md', 'npm start -- --only web'),
      await host('web host'),
      async () => undefined,
    );
    const web = here.env['URL'] ?? '';
    expect(web).toBe(url);
    await whileRunning(
      DOCUMENTS.take('README.md', 'npm start -- --only worker'),
      await host('worker host'),
      async () => undefined,
      /^Sealtrail starts; data in .*worker host$/m,
    );
    expect((await attested({ url, said, api }, 'by-npm-start')).keyHint).toMatch(/^SHA256:/);
    const checked = await here.run(DOCUMENTS.take('README.md', 'node workers/sealtrail.mjs fsck'));
    expect(checked.status, `${checked.stdout}${checked.stderr}`).toBe(0);
    DOCUMENTS.take('docs/transparency.md', 'node workers/sealtrail.mjs fsck');
    DOCUMENTS.take('docs/trust-model.md', 'node workers/sealtrail.mjs fsck');
    here.write('var/backups/.keep', '');
    here.write('etc/sealtrail/backup-passphrase', 'a passphrase of the test\n');
    for (const [file, command] of [
      ['README.md', 'node workers/sealtrail.mjs backup'],
      ['docs/backup.md', 'node workers/sealtrail.mjs backup /'],
      ['docs/backup.md', 'node workers/sealtrail.mjs backup --verify'],
      ['docs/backup.md', 'node workers/sealtrail.mjs backup --passphrase-file'],
    ] as const)
      await ends(DOCUMENTS.take(file, command), 'Manifest: SHA-256 ');
  });
});

test('README.md, docs/backup.md: what was backed up is restored elsewhere, starts there, and is a tar', async () => {
  await ends(DOCUMENTS.take('README.md', 'SEALTRAIL_DATA_DIR='), 'Nothing differs');
  await ends(DOCUMENTS.take('docs/backup.md', 'SEALTRAIL_DATA_DIR=/var/lib/sealtrail node'), ', as in the manifest');
  const start = DOCUMENTS.take('docs/backup.md', 'SEALTRAIL_DATA_DIR=/var/lib/sealtrail npm');
  await whileRunning(start, {}, async ({ api, said }) => {
    expect(said()).not.toContain('one-time link');
    expect(await (await api('/api/v1/chains')).text()).toContain('by-npm-start');
  });
  here.write('unpacked/.keep', '');
  for (const command of ['tar -xf', 'cat sums'])
    await ends(`cd unpacked\n${DOCUMENTS.take('docs/backup.md', command)}`, '');
});

test('docs/forwarder.md: watched paths', async () => {
  here.write('var/log/agents/audit.jsonl', LOG);
  here.write(
    'home/build/.local/state/nono/audit/20260421-200000-11111/audit-events.ndjson',
    readFileSync(path.join(ROOT, 'lib/core/formats/nono/fixtures/valid.jsonl')),
  );
  await whileRunning(
    DOCUMENTS.take('docs/forwarder.md', 'SEALTRAIL_WATCH=').replace(':/home/', `:${here.folder}/home/`),
    {},
    async ({ api }) => {
      const names = async () =>
        z
          .object({ items: z.array(z.looseObject({ name: z.string(), records: z.number() })) })
          .parse(await (await api('/api/v1/chains')).json())
          .items.filter(({ records }) => records > 0)
          .map(({ name }) => name);
      await expect
        .poll(names, { timeout: 60_000 })
        .toEqual(expect.arrayContaining(['agents audit', '20260421-200000-11111']));
    },
  );
});

test('docs/signing.md: keyless, of a private instance, and by a PKCS#11 token', async () => {
  const sigstore = here.start(
    'node --conditions=react-server --import tsx lib/testing/sigstore/serve.mts --dir /tmp/sigstore',
  );
  here.write('tmp/sigstore/.keep', '');
  const hsm = here.start('node --import tsx lib/testing/serve-token.mts', { TMPDIR: here.path('tmp') });
  try {
    await expect
      .poll(() => [sigstore.said.stdout, hsm.said.stdout].every((said) => said.includes('\n')), {
        timeout: 120_000,
        message: `${sigstore.said.stderr}${hsm.said.stderr}`,
      })
      .toBe(true);
    const made = (name: string) => readFileSync(path.join(here.folder, 'tmp/sigstore', name));
    here.write('var/run/sigstore/token', made('identity-token'));
    here.write('etc/sealtrail/signing_config.v0.2.json', made('signing_config.v0.2.json'));
    here.write('etc/sealtrail/trusted_root.json', made('trusted_root.json'));
    const settings = [
      'SEALTRAIL_SIGNER=keyless',
      'SEALTRAIL_IDENTITY_TOKEN_FILE',
      'SEALTRAIL_SIGNING_CONFIG',
      'SEALTRAIL_TRUSTED_ROOT',
      'SEALTRAIL_REQUIRE',
    ].map((name) => DOCUMENTS.take('docs/signing.md', name));
    await whileRunning(`set -a\n${settings.join('\n')}\nnpm start`, {}, async (running) => {
      const { certificate, logEntries, times } = await attested(running, 'by-a-private-instance');
      expect([certificate?.subject, logEntries.length, times.length > 0]).toEqual([
        'https://ci.example/sealtrail',
        1,
        true,
      ]);
      const [printed] =
        /curl -fo trusted_root\.json \S+/.exec(await (await fetch(`${running.url}/trust`)).text()) ?? [];
      expect((await here.run(`cd tmp && ${printed}`)).status).toBe(0);
      expect(JSON.parse(readFileSync(path.join(here.folder, 'tmp/trusted_root.json'), 'utf8'))).toEqual(
        JSON.parse(made('trusted_root.json').toString('utf8')),
      );
    });
    // No test may ask the public instance: the private one is put in its place.
    const own = {
      SEALTRAIL_SIGNING_CONFIG: here.path('etc/sealtrail/signing_config.v0.2.json'),
      SEALTRAIL_TRUSTED_ROOT: here.path('etc/sealtrail/trusted_root.json'),
    };
    await whileRunning(
      DOCUMENTS.take('docs/signing.md', 'SEALTRAIL_SIGNER=keyless SEALTRAIL_IDENTITY'),
      own,
      async (running) => {
        expect((await attested(running, 'by-an-identity')).certificate?.subject).toBe('https://ci.example/sealtrail');
      },
    );
    const { uri, conf } = z.object({ uri: z.string(), conf: z.string() }).parse(JSON.parse(hsm.said.stdout));
    const [place = '', query = ''] = uri.split('?');
    const [, tokenName = '', modulePath = '', pin = ''] =
      /token=([^;]+).*\?module-path=([^&]+)&pin-source=file:(.*)/.exec(`${place}?${query}`) ?? [];
    const printed = DOCUMENTS.take('docs/signing.md', "SEALTRAIL_SIGNER='pkcs11")
      .replace('token=prod', `token=${tokenName}`)
      .replace('/usr/lib/softhsm/libsofthsm2.so', modulePath)
      .replace('file:/run/secrets/pin', `file:${pin}`);
    await whileRunning(
      `${printed} npm start`,
      { SOFTHSM2_CONF: conf, SEALTRAIL_TRUSTED_ROOT: own.SEALTRAIL_TRUSTED_ROOT },
      async (running) => {
        expect((await attested(running, 'by-a-token')).keyHint).toMatch(/^SHA256:/);
      },
    );
  } finally {
    await Promise.all([sigstore.stop(), hsm.stop()]);
  }
});

test('docs/transparency.md: a witness that cosigns; README.md: npm run dev', async () => {
  const witness = here.start(`node --import tsx lib/testing/serve-witness.mts $URL`);
  try {
    await expect.poll(() => witness.said.stdout, { timeout: 60_000 }).toContain('\n');
    const command = DOCUMENTS.take('docs/transparency.md', 'SEALTRAIL_WITNESSES=').replace(
      'witness.example/w1+5d50efc4+BF4U…@https://witness.example',
      witness.said.stdout.trim(),
    );
    await whileRunning(
      command,
      { SEALTRAIL_TRUSTED_ROOT: here.path('etc/sealtrail/trusted_root.json') },
      async (running) => {
        await attested(running, 'witnessed');
        await expect
          .poll(async () => (await running.api('/tlog/checkpoint')).text(), { timeout: 60_000 })
          .toContain('— witness.example/w1 ');
      },
    );
  } finally {
    await witness.stop();
  }
  DOCUMENTS.take('CONTRIBUTING.md', 'npm run dev');
  await whileRunning(
    DOCUMENTS.take('README.md', 'npm run dev'),
    { SEALTRAIL_TRUSTED_ROOT: here.path('etc/sealtrail/trusted_root.json') },
    async ({ api, url }) => {
      expect((await api('/api/health/ready')).status).toBe(200);
      expect(await (await fetch(`${url}/sign-in`)).text()).toContain('Sign in');
    },
  );
});

test('no command is left that this should have run', () => {
  expect(DOCUMENTS.left()).toEqual([]);
});
