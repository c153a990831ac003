import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Page, expect, test } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { parse } from 'yaml';
import * as z from 'zod';
import { differences, ensurePrograms, Here } from './commands/here';
import { documented, PRINTED, printed, ranBy, toRun } from './commands/listed';
import { FIRST_COMMANDS, installation, sealtrail } from './installation';
import { ROOT } from './launch';
import { zipOf } from './zip';

// Every command a document or a page prints, run as it is printed against the installation under test.
// Those that start an installation of their own are in start-commands.spec.ts; what is not run is listed in commands/listed.ts.
test.describe.configure({ mode: 'serial', timeout: 180_000 });

const fixture = (name: string) => readFileSync(path.join(ROOT, 'lib/core/formats', name.replace('/', '/fixtures/')));
const LOG = fixture('occasio/valid.jsonl');
const TAMPERED = fixture('occasio/tampered.jsonl');
const SESSION = z
  .object({ session_id: z.string() })
  .parse(JSON.parse(fixture('nono/session.json').toString())).session_id;
const CLI = 'node workers/sealtrail.mjs';
const BLOCK = (file: string, beginning: string) => DOCUMENTS.take(file, beginning);
const DOCUMENTS = toRun('shared');

let here: Here;
let token: string;
let sigstore: ReturnType<Here['start']>;

/** Records that go on from a log of Occasio's, each line of so many bytes: what the printed answers count. */
function continuing(log: Buffer, records: number, lineBytes: number): Buffer {
  const last: { hash: string } = JSON.parse(log.toString('utf8').trimEnd().split('\n').at(-1) ?? '{}');
  let prev = last.hash;
  const lines = Array.from({ length: records }, (_, at) => {
    const covered = (tool_inputs: object) => ({
      audit_schema: 1,
      ts: new Date(Date.UTC(2026, 4, 11, 11, 51, at)).toISOString(),
      event_id: `more-${at}`,
      session_id: 'sess-1',
      run_id: 'more',
      agent: 'occasio',
      kind: 'tool_call',
      tool_name: 'grep',
      tool_inputs,
      action: 'PASS',
      prev_hash: prev,
    });
    const bare = JSON.stringify({ ...covered({ pattern: '' }), hash: '0'.repeat(64) }).length + 1;
    const record = covered({ pattern: 'x'.repeat(Math.max(0, lineBytes - bare)) });
    prev = createHash('sha256').update(JSON.stringify(record)).digest('hex');
    return JSON.stringify({ ...record, hash: prev });
  });
  return Buffer.from(`${lines.join('\n')}\n`);
}

const Chain = z.looseObject({ id: z.string(), name: z.string(), verdict: z.string(), records: z.number() });
const api = async (where: string, init: RequestInit = {}) =>
  fetch(`${installation().url}${where}`, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } });
const ask = async <T>(schema: z.ZodType<T>, where: string): Promise<T> => schema.parse(await (await api(where)).json());
const chainNamed = async (name: string) =>
  (await ask(z.object({ items: z.array(Chain) }), `/api/v1/chains?q=${encodeURIComponent(name)}`)).items.find(
    (chain) => chain.name === name,
  );

/** Waits until a chain holds so many records and its verdict is there. */
async function settled(name: string, records: number): Promise<z.infer<typeof Chain>> {
  const chain = async () => {
    const found = await chainNamed(name);
    return found && found.verdict !== 'pending' ? found.records : 0;
  };
  await expect.poll(chain, { timeout: 60_000, message: name }).toBe(records);
  const found = await chainNamed(name);
  if (!found) throw new Error(`there is no chain ${name}`);
  return found;
}

async function upload(name: string, chain: string, bytes: Buffer): Promise<string> {
  const { chainId } = z.object({ chainId: z.string() }).parse(
    await (
      await api(`/api/v1/uploads/${name}?chain=${encodeURIComponent(chain)}`, {
        method: 'PUT',
        body: new Uint8Array(bytes),
      })
    ).json(),
  );
  return chainId;
}

const Attestation = z.looseObject({
  id: z.string(),
  keyHint: z.string(),
  bundles: z.array(z.object({ n: z.number(), label: z.string() })).optional(),
});
async function attestationOf(chainId: string): Promise<z.infer<typeof Attestation>> {
  const list = async () =>
    (await ask(z.object({ items: z.array(Attestation) }), `/api/v1/chains/${chainId}/attestations`)).items;
  await expect.poll(async () => (await list()).length, { timeout: 60_000 }).toBeGreaterThan(0);
  const [first] = await list();
  if (!first) throw new Error('nothing was attested');
  return first;
}

/** Runs a command and wants it to end well, or as it says. */
async function ends(
  text: string,
  status = 0,
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const done = await here.run(text, env);
  expect(done.status, `${text}\n${done.stdout}${done.stderr}`).toBe(status);
  // curl ends well with any answer, unless it is asked not to.
  if (text.includes('curl ')) expect(done.stdout, text).not.toMatch(/^\{"type":.*"status":[45]\d\d/);
  return done;
}

/** Runs a command that goes on until it is stopped: until a chain holds so many records. */
async function follows(
  text: string,
  name: string,
  records: number,
  env: Record<string, string> = {},
): Promise<z.infer<typeof Chain>> {
  const running = here.start(text, {
    XDG_STATE_HOME: path.join(here.folder, 'state', createHash('sha256').update(text).digest('hex').slice(0, 8)),
    ...env,
  });
  try {
    return await settled(name, records).catch((error: unknown) => {
      throw new Error(`${text}\n${running.said.stdout}${running.said.stderr}`, { cause: error });
    });
  } finally {
    const { status, stderr } = await running.stop();
    expect([0, 130], stderr).toContain(status);
  }
}

test.beforeAll(async () => {
  test.setTimeout(300_000);
  ensurePrograms({
    curl: 'curl',
    jq: 'jq',
    python3: 'python3-minimal',
    openssl: 'openssl',
    iconv: 'libc-bin',
    strings: 'binutils',
  });
  const { url, dataDir } = installation();
  here = new Here([
    // The addresses documents use stand for the installation under test.
    ['http://127.0.0.1:7325', url],
    ['https://sealtrail.example', url],
    ['st_YOUR_TOKEN', 'st_UNSET'],
    ['st_…', 'st_UNSET'],
    ['7f0c…', '7f0c1d2e'],
    ['OWNER/REPO', 'sealtrail'],
  ]);
  token = await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'commands');
  Object.assign(here.env, {
    SEALTRAIL_DATA_DIR: dataDir,
    URL: url,
    TOKEN: token,
    SEALTRAIL_TOKEN: token,
    SESSION_ID: SESSION,
  });
  here = withTokens(here);

  here.write('pipeline-events.jsonl', TAMPERED);
  here.write('new-lines.jsonl', continuing(LOG, 12, 777));
  here.write('x.jsonl', LOG);
  here.write('log.jsonl', LOG);
  here.write('audit.jsonl', fixture('agentfence/signed.jsonl'));
  here.write('audit.pub', fixture('agentfence/signing.pub.pem'));
  const last = z
    .object({ session_id: z.string(), seq: z.number(), hash: z.string() })
    .parse(JSON.parse(fixture('agentfence/signed.jsonl').toString().trimEnd().split('\n').at(-1) ?? ''));
  here.write(
    'audit.anchor.json',
    JSON.stringify({
      schema_version: '1',
      session_id: last.session_id,
      event_count: last.seq,
      last_seq: last.seq,
      last_hash: last.hash,
      timestamp: '2026-08-15T00:01:00Z',
    }),
  );
  here.write('logs/agentfence.jsonl', fixture('agentfence/valid.jsonl'));
  here.write('logs/vouch.jsonl', fixture('vouch/valid.jsonl'));
  here.write('archive/2026-05.jsonl.gz', gzipSync(LOG));
  here.write('evidence.zip', zipOf({ 'a/audit.jsonl': LOG, 'b/audit.jsonl': fixture('vouch/valid.jsonl') }));
  here.write(
    'key.pem',
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  for (const [name, file] of [
    ['audit-events.ndjson', 'valid.jsonl'],
    ['session.json', 'session.json'],
  ] as const) {
    here.write(`~/.local/state/nono/audit/${SESSION}/${name}`, fixture(`nono/${file}`));
  }
  here.write('~/.local/state/nono/audit/ledger.ndjson', fixture('nono/ledger.ndjson'));
  here.write('~/.occasio/pipeline-events.jsonl', LOG);
  here.write('var/log/agent/audit.jsonl', LOG);
  here.write('var/log/agents/one/audit.jsonl', fixture('vouch/valid.jsonl'));
  const nono = (name: string) => `audit/${SESSION}/${name}`;
  here.write(
    'export.zip',
    zipOf({
      [nono('audit-events.ndjson')]: fixture('nono/valid.jsonl'),
      [nono('session.json')]: fixture('nono/session.json'),
      'notes.txt': Buffer.from('one\ntwo\nthree\nfour\n'),
    }),
  );
  here.program('kubectl', `cat '${here.path('x.jsonl')}'`);

  sigstore = here.start(BLOCK('docs/signing.md', 'node --conditions=react-server'));
  await expect
    .poll(() => `${sigstore.said.stdout}${sigstore.said.stderr}`, { timeout: 60_000 })
    .toContain('trusted_root.json');
});

test.afterAll(async () => {
  await sigstore?.stop();
  here?.remove();
});

/** Tokens are known only once the installation runs. */
function withTokens(made: Here): Here {
  const typed = made.typed.bind(made);
  made.typed = (text) => typed(text).replaceAll('st_UNSET', () => token);
  return made;
}

test('README.md: a token, a log checked where it lies, sent, followed, asked for, repaired', async () => {
  const readme = (beginning: string) => BLOCK('README.md', beginning);
  expect((await ends(readme(`${CLI} token create`))).stdout).toMatch(/^st_\S+\n$/);
  const checked = await ends(readme(`${CLI} verify pipeline-events.jsonl`), 1);
  expect(checked.stdout.split('\n')).toEqual(
    expect.arrayContaining(
      readme('pipeline-events.jsonl  Occasio')
        .split('\n')
        .filter((line) => line.trim() !== '…'),
    ),
  );
  expect((await ends(readme(`${CLI} verify ~/`))).stdout).toContain('verified');

  const sent = await ends(readme('curl -T pipeline-events.jsonl'));
  expect(differences(JSON.parse(readme('{ "uploadId"')), JSON.parse(sent.stdout))).toEqual([]);
  const { id } = await settled('checkout-agent', 228);
  const attestation = await attestationOf(id);

  const appended = await ends(readme('curl --data-binary @new-lines.jsonl'));
  expect(JSON.parse(appended.stdout)).toMatchObject({ accepted: 12, verdict: 'tampered' });
  here.write('var/log/agent/pipeline-events.jsonl', Buffer.concat([TAMPERED, continuing(LOG, 15, 777)]));
  await follows(readme(`${CLI} tail /var/log/agent/pipeline-events.jsonl`), 'checkout-agent', 243);
  expect(JSON.parse((await ends(readme('curl -H "Authorization'), 0, { CHAIN_ID: id })).stdout)).toMatchObject({
    name: 'checkout-agent',
    verdict: 'tampered',
  });
  const torn = await upload('torn.jsonl', 'torn', fixture('occasio/truncated-tail.jsonl'));
  await expect.poll(async () => (await chainNamed('torn'))?.verdict, { timeout: 60_000 }).toBe('corrupt');
  await ends(
    readme('curl -fOJ -H "Authorization: Bearer $TOKEN" http://127.0.0.1:7325/api/v1/chains/$CHAIN_ID/repaired'),
    0,
    { CHAIN_ID: torn },
  );
  const repaired = globSync('torn*', { cwd: here.folder });
  expect(repaired).toHaveLength(1);
  await ends(`${CLI} verify ${repaired[0]}`);

  await ends(readme('curl -fOJ -H "Authorization: Bearer $TOKEN" http://127.0.0.1:7325/api/v1/attestations/'), 0, {
    ATTESTATION_ID: attestation.id,
  });
  await ends(readme('curl -fo sealtrail.pem'), 0, { KEY_HINT: attestation.keyHint });
  const [bundle = ''] = globSync('checkout-agent-*.sigstore.json', { cwd: here.folder });
  const named = (text: string) => text.replace('checkout-agent-….sigstore.json', bundle);
  expect((await ends(named(readme('cosign verify-blob-attestation')))).stderr).toContain('Verified OK');
  await ends(named(readme(`${CLI} verify-bundle`)));
  expect(
    (await here.run(named(readme(`${CLI} verify-bundle`)).replace('pipeline-events.jsonl', 'x.jsonl'))).status,
  ).toBe(1);
});

test('README.md and the GitHub Action: a log attested by an identity, and checked by its workflow', async () => {
  const { files } = z
    .object({ files: z.record(z.string(), z.string()) })
    .parse(JSON.parse(sigstore.said.stdout.split('\n')[0] ?? ''));
  const config = path.join(path.dirname(files['SEALTRAIL_TRUSTED_ROOT'] ?? ''), 'signing_config.rekor-v1.json');
  // The Sigstore of this test in the place of the public one, which no test may ask.
  const own = `--keyless --identity-token '${files['SEALTRAIL_IDENTITY_TOKEN_FILE']}' --signing-config '${config}' --trusted-root '${files['SEALTRAIL_TRUSTED_ROOT']}'`;
  const attested = await ends(
    BLOCK('README.md', `${CLI} attest pipeline-events.jsonl --keyless`).replace('--keyless', () => own),
    1,
  );
  expect(attested.stdout).toContain('pipeline-events.jsonl.sigstore.json');
  const check = BLOCK('integrations/github-action/README.md', 'cosign verify-blob-attestation')
    .replace(
      ' pipeline-events.jsonl.sigstore.json',
      () => ` pipeline-events.jsonl.sigstore.json --trusted-root '${files['SEALTRAIL_TRUSTED_ROOT']}'`,
    )
    .replace('https://github.com/OWNER/REPO/.*', 'https://ci.example/.*')
    .replace('https://token.actions.githubusercontent.com', 'https://issuer.example');
  expect((await ends(check)).stderr).toContain('Verified OK');
  expect((await here.run(check.replace('ci.example', 'ci.example.org'))).status).not.toBe(0);

  const steps = parse(
    documented().find(({ file, language }) => file === 'integrations/github-action/README.md' && language === 'yaml')
      ?.text ?? '',
  );
  const action = parse(readFileSync(path.join(ROOT, 'integrations/github-action/action.yml'), 'utf8'));
  const step = steps.steps.find((one: { uses?: string }) => one.uses?.includes('github-action'));
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)));
  expect(step.uses).toBe(`./${steps.steps[1].with.path}/integrations/github-action`);
  for (const [, output] of JSON.stringify(steps).matchAll(/steps\.sealtrail\.outputs\.(\w+)/g))
    expect(Object.keys(action.outputs)).toContain(output);
});

test('docs/shippers.md: every set-up sends the log, byte for byte', async () => {
  const shippers = (beginning: string) => BLOCK('docs/shippers.md', beginning);
  const whole = async (name: string) => {
    const { id, verdict } = await settled(name, 228);
    expect(verdict).toBe('verified');
    expect(Buffer.from(await (await api(`/api/v1/chains/${id}/bytes`)).arrayBuffer()).equals(LOG), name).toBe(true);
  };
  // Each to a chain of its own, or the second would find everything there.
  const to = (text: string, chain: string) =>
    text.replaceAll(/(?<=')pipeline(?=')|(?<=")pipeline(?=")|(?<=\/chains\/|\/ingest\/|source=)pipeline/g, chain);
  const block = (language: string, beginning: string) =>
    to(
      here.typed(
        documented().find(
          (command) =>
            command.file === 'docs/shippers.md' && command.language === language && command.text.startsWith(beginning),
        )?.text ?? '',
      ),
      beginning.replaceAll(/\W/g, ''),
    );
  await follows(to(shippers('SEALTRAIL_TOKEN='), 'by-forwarder'), 'by-forwarder', 228);
  await whole('by-forwarder');
  await ends(
    to(
      shippers("tail -n 1000 /var/log/agent/audit.jsonl | curl -sSf --data-binary @- \\\n  -H 'Authorization: Bearer"),
      'by-curl',
    ),
  );
  await whole('by-curl');
  await ends(
    to(
      shippers("tail -n 1000 /var/log/agent/audit.jsonl | curl -sSf --data-binary @- \\\n  -H 'Authorization: Splunk"),
      'by-splunk',
    ),
  );
  await whole('by-splunk');
  here.write('send.mjs', to(here.typed(shippers('import { readFileSync }')), 'by-elastic'));
  expect((await ends(`node send.mjs`)).stdout).toContain('failed: 0');
  await whole('by-elastic');

  const post = (where: string, body: string | Buffer, headers: Record<string, string>) =>
    fetch(where, { method: 'POST', headers, body: typeof body === 'string' ? body : new Uint8Array(body) });
  const lines = LOG.toString('utf8').trimEnd().split('\n');

  here.write('vector.toml', block('toml', '[sources.agent]'));
  const toml = await ends(
    `python3 -c 'import json, tomllib; print(json.dumps(tomllib.load(open("vector.toml", "rb"))))'`,
  );
  const { sources, sinks } = JSON.parse(toml.stdout);
  expect({
    file: readFileSync(sources.agent.include[0]).equals(LOG),
    inputs: sinks.sealtrail.inputs,
    framing: sinks.sealtrail.framing,
    encoding: sinks.sealtrail.encoding,
    strategy: sinks.sealtrail.auth.strategy,
    compression: sinks.sealtrail.compression,
  }).toEqual({
    file: true,
    inputs: ['agent'],
    framing: { method: 'newline_delimited' },
    encoding: { codec: 'raw_message' },
    strategy: 'bearer',
    compression: 'gzip',
  });
  expect(
    (
      await post(sinks.sealtrail.uri, gzipSync(LOG), {
        Authorization: `Bearer ${sinks.sealtrail.auth.token}`,
        'Content-Type': 'text/plain',
        'Content-Encoding': 'gzip',
      })
    ).status,
  ).toBe(200);
  await whole('sourcesagent');

  const [fluent] = parse(block('yaml', 'pipeline:').replace('host: "http://127.0.0.1"', 'host: "127.0.0.1"')).pipeline
    .outputs;
  const [name = '', ...value] = String(fluent.header).split(' ');
  const fluentBody = gzipSync(JSON.stringify(lines.map((log, at) => ({ date: 1_778_486_400.5 + at, log }))));
  // It names its server by host and port, so the address of a document cannot stand in it.
  expect({
    host: fluent.host,
    port: fluent.port,
    tls: fluent.tls,
    format: fluent.format,
    compress: fluent.compress,
  }).toEqual({ host: 'sealtrail.example', port: 443, tls: 'on', format: 'json', compress: 'gzip' });
  expect(
    (
      await post(`${installation().url}${fluent.uri}`, fluentBody, {
        [name]: value.join(' '),
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
      })
    ).status,
  ).toBe(200);
  await whole('pipeline');

  const collector = parse(block('yaml', 'extensions:'));
  const [attribute] = collector.processors.resource.attributes;
  const { otlphttp } = collector.exporters;
  expect(Object.values(collector.service.pipelines.logs).flat().toSorted()).toEqual([
    'filelog',
    'otlphttp',
    'resource',
  ]);
  expect(Object.keys(collector.extensions)).toEqual(collector.service.extensions);
  const otlp = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: attribute.key, value: { stringValue: attribute.value } }] },
        scopeLogs: [{ logRecords: lines.map((stringValue) => ({ body: { stringValue } })) }],
      },
    ],
  };
  expect(
    (
      await post(`${otlphttp.endpoint}/v1/logs`, JSON.stringify(otlp), {
        ...otlphttp.headers,
        'Content-Type': 'application/json',
      })
    ).status,
  ).toBe(200);
  await whole('extensions');

  const promtail = parse(block('yaml', 'positions:'));
  const [client] = promtail.clients;
  const { __path__: file, ...labels } = promtail.scrape_configs[0].static_configs[0].labels;
  const values = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line, at) => [`${1_778_486_400_000 + at}000000`, line]);
  const basic = Buffer.from(`${client.basic_auth.username}:${client.basic_auth.password}`).toString('base64');
  expect(
    (
      await post(client.url, JSON.stringify({ streams: [{ stream: labels, values }] }), {
        Authorization: `Basic ${basic}`,
        'Content-Type': 'application/json',
      })
    ).status,
  ).toBe(204);
  await whole('positions');
});

test('docs/api.md: appends, archives, and the answers as they are printed', async () => {
  const docs = (beginning: string) => BLOCK('docs/api.md', beginning);
  expect((await ends(docs(`${CLI} token create`))).stdout).toMatch(/^st_/);
  expect((await ends(BLOCK('docs/access.md', `${CLI} token create`))).stdout).toMatch(/^st_\S+\n$/);
  // Of the log as it was sent by the shipper above.
  await settled('pipeline', 228);
  const appended = await ends(docs('curl --data-binary @new-lines.jsonl'));
  expect(differences(JSON.parse(docs('{ "chainId": "…", "chain": "pipeline"')), JSON.parse(appended.stdout))).toEqual(
    [],
  );
  const archive = await ends(docs('curl -X POST -T export.zip'));
  // Another test may have sent the same session before.
  const printed = JSON.parse(docs('{ "archive"'));
  const [ingested] = JSON.parse(archive.stdout).uploads;
  expect(['new', 'identical']).toContain(ingested.relation);
  expect(
    differences(printed, {
      ...JSON.parse(archive.stdout),
      uploads: [{ ...ingested, relation: printed.uploads[0].relation }],
    }),
  ).toEqual([]);
  const session = JSON.parse((await ends(docs('tar cz -C'))).stdout);
  expect(session).toMatchObject({
    uploads: [{ chain: SESSION }],
    sidecars: [{ kind: 'nono-session' }, { kind: 'nono-ledger' }],
  });
  await settled(SESSION, session.uploads[0].records);

  const tampered = await upload('x.jsonl', 'asked for a period', TAMPERED);
  await attestationOf(tampered);
  const period = await (await api(`/api/v1/chains/${tampered}/summary?from=2026-05-11T00:00:00Z`)).json();
  expect(differences(JSON.parse(docs('{ "verdict": "tampered", "asked"')), period)).toEqual([]);
  const torn = await chainNamed('torn');
  const plan = await (await api(`/api/v1/chains/${torn?.id}/repair`)).json();
  expect(
    differences(
      JSON.parse(docs('{ "chainId": "…", "chain": "checkout-agent"').replaceAll('checkout-agent', 'torn')),
      plan,
    ),
  ).toEqual([]);
});

test('docs/attestations.md: a range on demand, and a run for Occasio’s own verifiers', async () => {
  const docs = (beginning: string) => BLOCK('docs/attestations.md', beginning);
  const chainId = await upload('x.jsonl', 'attested in part', LOG);
  await attestationOf(chainId);
  const range = JSON.parse((await ends(docs('curl -X POST'), 0, { CHAIN_ID: chainId })).stdout);
  expect(range).toMatchObject({ verdict: 'verified', firstRecord: 100, lastRecord: 199 });

  const run = z
    .object({ run_id: z.string() })
    .parse(JSON.parse(LOG.toString('utf8').trimEnd().split('\n').at(-1) ?? '')).run_id;
  const requested = await api(`/api/v1/chains/${chainId}/attestations`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ scope: { kind: 'run', run } }),
  });
  expect(requested.status).toBe(201);
  const { id } = z.looseObject({ id: z.string() }).parse(await requested.json());
  const { bundles = [] } = await ask(Attestation, `/api/v1/attestations/${id}`);
  const n = bundles.find(({ label }) => label === 'Agent run')?.n;
  here.write(
    'agent-run.sigstore.json',
    Buffer.from(await (await api(`/api/v1/attestations/${id}/bundle?n=${n}`)).arrayBuffer()),
  );
  await ends(docs('jq -r'));
  await ends(docs('cp agent-run'));
  const envelope = z
    .object({ dsseEnvelope: z.object({ payload: z.string() }) })
    .parse(JSON.parse(readFileSync(here.path('attestation.sigstore.json'), 'utf8')));
  const { predicate } = JSON.parse(Buffer.from(envelope.dsseEnvelope.payload, 'base64').toString('utf8'));
  expect(JSON.parse(readFileSync(here.path('attestation.json'), 'utf8'))).toEqual({ ...predicate, signature: null });
});

test('docs/cli.md: every command, its options as --help lists them, and its answer in JSON', async () => {
  const docs = (beginning: string) => BLOCK('docs/cli.md', beginning);
  await Promise.all([
    ends(docs(`${CLI} verify pipeline-events.jsonl`), 1),
    ends(docs(`${CLI} verify logs/`)),
    ends(docs(`${CLI} verify evidence.zip`)),
    ends(docs(`${CLI} verify ~/`)).then(({ stdout }) => expect(stdout).toContain('session.json')),
    ends(docs(`${CLI} verify audit.jsonl --anchor`)).then(({ stdout }) => expect(stdout).toContain('anchor')),
    ends(docs('kubectl logs agent | ')).then(({ stdout }) => expect(stdout).toContain('verified')),
    ends(docs(`${CLI} inspect pipeline-events.jsonl`)).then(({ stdout }) => expect(stdout).toContain('228')),
    ends(docs(`${CLI} inspect x.jsonl`)),
    ends(docs(`${CLI} repair`)),
    ends(docs(`${CLI} formats`)).then(({ stdout }) => expect(stdout).toContain('occasio')),
    ends(docs(`${CLI} attest pipeline-events.jsonl --key key.pem`), 1).then(({ stdout }) =>
      expect(stdout).toContain('.sigstore.json'),
    ),
    follows(docs(`${CLI} tail logs/`), 'vouch', fixture('vouch/valid.jsonl').toString().trimEnd().split('\n').length),
  ]);
  const synopses = documented().filter(
    ({ file, text }) => file === 'docs/cli.md' && text.startsWith('sealtrail ') && ranBy(file, text) === 'shared',
  );
  await Promise.all(
    synopses.map(async ({ text }) => {
      const [, command = ''] = text.split(' ');
      BLOCK('docs/cli.md', text);
      const { stdout } = await ends(`${CLI} ${command} --help`);
      for (const [option] of text.matchAll(/(?<=[[( ])--?[a-z][a-z-]*/g))
        expect(stdout, `${command} ${option}`).toMatch(new RegExp(`(^|\\s)${option}\\b`));
      const sectionOf = (name: string) =>
        readFileSync(path.join(ROOT, 'docs/cli.md'), 'utf8').split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
      const section =
        sectionOf(command) + (text.includes('[options of verify-bundle]') ? sectionOf('verify-bundle') : '');
      for (const [option] of stdout.matchAll(/(?<=^\s+(?:-\w, )?)--[a-z-]+/gm))
        if (option !== '--help') expect(section, `${command} ${option} is not in docs/cli.md`).toContain(option);
    }),
  );
  here.write('of json/x.jsonl', TAMPERED);
  const said = JSON.parse(
    (await ends(`cd 'of json' && node ../workers/sealtrail.mjs verify --json x.jsonl`, 1)).stdout,
  );
  const { checkedSidecars, ...rest } = JSON.parse(docs('{"file":"x.jsonl"'));
  expect(differences({ ...rest, checkedSidecars: [] }, said)).toEqual([]);
  here.write('of json/y/x.jsonl', fixture('agentfence/signed.jsonl'));
  here.write('of json/y/x.anchor.json', readFileSync(here.path('audit.anchor.json')));
  const verified = JSON.parse(
    (await ends(`cd 'of json/y' && node ../../workers/sealtrail.mjs verify --json x.jsonl`)).stdout,
  );
  expect(differences(checkedSidecars, verified.checkedSidecars)).toEqual([]);
});

test('docs/forwarder.md: what is followed, and the service', async () => {
  const docs = (beginning: string) => BLOCK('docs/forwarder.md', beginning);
  expect((await ends(`${docs('export SEALTRAIL_TOKEN=')}; echo "$SEALTRAIL_TOKEN"`)).stdout).toMatch(/^st_\S+\n$/);
  const nono = fixture('nono/valid.jsonl').toString().trimEnd().split('\n').length;
  const vouch = fixture('vouch/valid.jsonl').toString().trimEnd().split('\n').length;
  await Promise.all([
    follows(docs(`${CLI} tail ~/.occasio`), 'build-1 occasio', 228),
    follows(docs(`${CLI} tail ~/.local`), `build-1 ${SESSION}`, nono),
    follows(docs(`${CLI} tail '/var`), 'one/audit', vouch),
    ends(docs(`${CLI} tail audit.jsonl`), 0, { XDG_STATE_HOME: here.path('state/once') }),
  ]);
  const unit = docs('[Unit]');
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  expect(unit).toContain('LoadCredential=token:');
  here.write('credentials/token', `${token}\n`);
  // As systemd.service(5) and systemd.exec(5) fill it in.
  const filled = command.replace('%H', 'build-7').replace('/usr/bin/node', 'node').replaceAll('/opt/sealtrail/', '');
  await follows(filled, 'build-7 one/audit', vouch, {
    STATE_DIRECTORY: here.path('state/service'),
    CREDENTIALS_DIRECTORY: here.path('credentials'),
    SEALTRAIL_TOKEN: '',
  });
});

test('docs/transparency.md: one record is proven, and the log monitored with nothing but Python', async () => {
  const chainId = await upload('x.jsonl', 'pipeline-events', LOG);
  await settled('pipeline-events', 228);
  const { keyHint } = await attestationOf(chainId);
  here.write('sealtrail.pem', await (await api(`/api/v1/signing-keys/${keyHint}.pem`)).text());
  await ends(`curl -fsSOJ -H "Authorization: Bearer $TOKEN" $URL/api/v1/chains/${chainId}/records/17/proof`);
  await expect
    .poll(async () => (await here.run(BLOCK('docs/transparency.md', `${CLI} verify-proof`))).status, {
      timeout: 90_000,
    })
    .toBe(0);
  here.write('monitor.py', BLOCK('docs/transparency.md', 'import base64'));
  const { stdout } = await ends(`python3 monitor.py $URL/tlog`);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/ holds$/);
  expect(stdout).toContain("'kind': 'attestation'");
});

test('docs/notifications.md: a signature is made again by hand', async () => {
  const body = BLOCK('docs/notifications.md', '{ "type"').trim();
  expect(JSON.parse(body)).toMatchObject({ type: 'finding.new', data: { level: 'high' } });
  const secret = `whsec_${Buffer.from(Array.from({ length: 32 }, (_, at) => at * 8)).toString('base64')}`;
  const at = new Date();
  here.write('body.json', body);
  const { stdout } = await ends(BLOCK('docs/notifications.md', 'key=$(printf'), 0, {
    SECRET: secret,
    WEBHOOK_ID: 'a-message',
    WEBHOOK_TIMESTAMP: String(Math.floor(at.getTime() / 1000)),
  });
  expect(`v1,${stdout.trim()}`).toBe(new Webhook(secret).sign('a-message', at, body));
});

test('docs/signing.md: cosign checks what each signer signed; CONTRIBUTING.md: the examples and the steps', async () => {
  await ends(BLOCK('CONTRIBUTING.md', 'npm run examples'));
  const made = (name: string) => readFileSync(path.join(here.folder, 'tmp/examples', name));
  here.write('trusted_root.json', made('trusted_root.json'));
  const type = BLOCK('docs/signing.md', 'T=https');
  const signing = (beginning: string) => `${type}\n${BLOCK('docs/signing.md', beginning)}`;
  for (const [signer, beginning] of [
    ['key-p256', 'cosign verify-blob-attestation --key sealtrail.pem --bundle b.json --type $T --insecure'],
    ['key-rekor-1-timestamp', 'cosign verify-blob-attestation --key sealtrail.pem --bundle b.json --type $T --trusted'],
    ['keyless-rekor-1', 'cosign verify-blob-attestation --bundle b.json'],
  ] as const) {
    here.write('b.json', made(`${signer}/valid.audit-chain-segment.sigstore.json`));
    if (signer.startsWith('key-')) here.write('sealtrail.pem', made(`${signer}/key.pem`));
    expect((await ends(signing(beginning))).stderr, signer).toContain('Verified OK');
    expect((await here.run(signing(beginning).replace(' log.jsonl', ' pipeline-events.jsonl'))).status).not.toBe(0);
  }
  // Every line of check.sh is the same command for another bundle: one of each kind of signer.
  const lines = made('check.sh')
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes('valid.verification-summary'));
  expect(lines).toHaveLength(8);
  const checks = await Promise.all(lines.map((line) => here.run(`cd tmp/examples && ${line}`)));
  expect(checks.filter(({ status }) => status !== 0)).toEqual([]);

  const steps = await here.run('npm test -- no-such-step');
  expect(steps.status).toBe(2);
  const [, named = ''] =
    /some of its steps: (.*)$/m.exec(readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  for (const step of named.split(', ')) expect(steps.stderr).toContain(step);
  expect((await ends('npx vitest list --filesOnly --project unit lib/core')).stdout).toContain('lib/core/');
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  expect(scripts.bench).toBe('vitest bench --run');
  for (const { text } of documented())
    for (const [, script = ''] of text.matchAll(/\bnpm run ([\w:-]+)/g))
      expect(Object.keys(scripts), text).toContain(script);

  const tree = BLOCK('CONTRIBUTING.md', 'app/  ');
  let above = '';
  for (const line of tree.split('\n')) {
    const [, indent = '', names = ''] = /^( *)((?:[\w.()[\]…-]+[/.]\S* ?)+?)(?: {2,}|$)/.exec(line) ?? [];
    if (indent === '') above = names.trim().split(' ')[0] ?? '';
    for (const name of names
      .trim()
      .split(' ')
      .filter((part) => part !== '' && !part.includes('…')))
      expect(existsSync(path.join(ROOT, indent === '' ? '' : above, name)), line).toBe(true);
  }
  const volume = parse(
    documented().find(({ file, text }) => file === 'docs/signing.md' && text.startsWith('volumes:'))?.text ?? '',
  );
  expect(
    documented().find(
      ({ file, text }) => file === 'docs/signing.md' && text.startsWith('SEALTRAIL_SIGNER=keyless SEALTRAIL_IDENTITY'),
    )?.text,
  ).toContain(`/${volume.volumes[0].projected.sources[0].serviceAccountToken.path} `);
});

test('words of errors: a log in UTF-16 is converted as it is told, a public key taken out as it is told', async () => {
  here.write('wide.jsonl', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(LOG.toString('utf8'), 'utf16le')]));
  const refused = await here.run(`${CLI} verify wide.jsonl`);
  const [, convert = ''] = /(iconv -f \S+ -t UTF-8)/.exec(`${refused.stdout}${refused.stderr}`) ?? [];
  await ends(`${convert} wide.jsonl > narrow.jsonl && ${CLI} verify narrow.jsonl`);
  await ends('openssl pkey -in key.pem -pubout -out key.pub');
  const token = await here.run(`${CLI} tail x.jsonl --to $URL --once`, { SEALTRAIL_TOKEN: '' });
  const [, make = ''] = /`(node workers\/sealtrail\.mjs token create [^`]+)`/.exec(token.stderr) ?? [];
  expect((await ends(make)).stdout).toMatch(/^st_/);
});

/** The commands on a page, as they are shown. */
async function shown(page: Page, where: string): Promise<string[]> {
  await page.goto(where);
  await page.waitForLoadState('networkidle');
  return page.getByLabel('Command', { exact: true }).allTextContents();
}

test('every command that a page shows', async ({ page }) => {
  const ran: string[] = [];
  const run = async (text: string, asTyped = (shownText: string) => shownText) => {
    ran.push(text);
    return ends(asTyped(text));
  };
  mkdirSync(path.join(here.folder, 'page'), { recursive: true });
  const inPage = (text: string) => `cd page && ${text}`;

  // The empty console was seen by the first test there is.
  const empty = z.array(z.string()).parse(JSON.parse(readFileSync(FIRST_COMMANDS, 'utf8')));
  const first = await chainNamed('attested in part');
  for (const text of empty) {
    const { stdout } = await run(text, (one) => one.replace('CHAIN_ID', first?.id ?? ''));
    if (text.startsWith('node ')) expect(stdout).toMatch(/^st_/);
  }

  // A name that needs quoting everywhere.
  const odd = `o'dd "name": $(id) #1 % & ü`;
  const oddId = await upload('audit.jsonl', odd, fixture('agentfence/signed.jsonl'));
  const oddRecords = fixture('agentfence/signed.jsonl').toString().trimEnd().split('\n').length;
  await settled(odd, oddRecords);
  const attestation = await attestationOf(oddId);
  here.write('var/log/agent/audit.jsonl', fixture('agentfence/signed.jsonl'));
  for (const text of await shown(page, `/chains/${oddId}?tab=connect`)) {
    if (text.includes('sealtrail.mjs tail')) continue;
    await run(text);
  }
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Filled in below' })).toBeVisible();
  for (const setup of ['Forwarder', 'curl', 'Splunk HEC', 'Elastic']) {
    await page.getByRole('tab', { name: setup, exact: true }).click();
    const text = await page
      .getByRole('tabpanel', { name: setup, exact: true })
      .getByLabel('Command', { exact: true })
      .textContent();
    if (setup === 'Elastic') await ends(`node ${path.basename(here.write('send-odd.mjs', here.typed(text ?? '')))}`);
    else if (setup === 'Forwarder') {
      ran.push(text ?? '');
      await ends(`${text} --once`, 0, { XDG_STATE_HOME: here.path('state/odd') });
    } else await run(text ?? '');
  }
  expect((await chainNamed(odd))?.records).toBe(oddRecords);

  const nono = await chainNamed(SESSION);
  for (const text of await shown(page, `/chains/${nono?.id}?tab=connect`))
    if (text.startsWith('tar '))
      expect(JSON.parse((await run(text)).stdout)).toMatchObject({ uploads: [{ relation: 'identical' }] });

  for (const text of await shown(page, `/attestations/${attestation.id}`)) {
    const { stdout } = await run(text, inPage);
    if (text.startsWith('sha256sum')) expect(stdout).toContain(fixtureSha256('agentfence/signed.jsonl'));
  }
  const bundle = path.basename(globSync('page/*.sigstore.json', { cwd: here.folder })[0] ?? '');
  const [log = ''] = globSync('page/*.jsonl', { cwd: here.folder });
  for (const text of await shown(page, '/trust'))
    await run(text, (one) =>
      inPage(one.replace('BUNDLE.sigstore.json', bundle).replace('LOG.jsonl', path.basename(log))),
    );

  for (const scope of ['ingest', 'read']) {
    await page.goto('/settings');
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(`for a command, ${scope}`);
    await dialog.getByRole('checkbox', { name: 'Send logs' }).setChecked(scope === 'ingest');
    await dialog.getByRole('checkbox', { name: 'Read chains' }).setChecked(scope === 'read');
    await dialog.getByRole('button', { name: 'Make token' }).click();
    await expect(dialog.getByText('Copy it now')).toBeVisible();
    const [made = '', text = ''] = await dialog.getByLabel('Command', { exact: true }).allTextContents();
    expect(made).toMatch(/^st_/);
    await run(text);
  }

  // Every text in the source is one that was seen and run.
  const rows = PRINTED.filter(({ file, by }) => file.startsWith('app/') && by === 'e2e/commands.spec.ts');
  const sources = printed().filter(
    ({ file, text }) => rows.some((row) => row.file === file && text.startsWith(row.text)) && !KEYLESS_ONLY.test(text),
  );
  const all = ran.join('\n');
  expect(sources.filter(({ text }) => !template(text).test(all)).map(({ file, text }) => `${file}: ${text}`)).toEqual(
    [],
  );
});

/** Shown where certificates sign. start-commands.spec.ts runs that of the trust page; the same cosign commands are run from the README of a package. */
const KEYLESS_ONLY = /trusted_root\.json/;
const fixtureSha256 = (name: string) => createHash('sha256').update(fixture(name)).digest('hex');

/** A template literal of the source as a pattern: what is filled in may be any text. */
function template(source: string): RegExp {
  const parts = source
    .replaceAll('\\\\', '\\')
    .replaceAll(String.raw`\n`, '\n')
    .split(/\$\{(?:[^{}]|\{[^{}]*\})*\}?/);
  return new RegExp(
    parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join(String.raw`[\s\S]*?`),
  );
}

test('no command is left that this should have run', () => {
  expect(DOCUMENTS.left()).toEqual([]);
});
