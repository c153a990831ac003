import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { readEnv } from '../../config/env';
import type { Message } from '../message';
import { sendMail } from './send-mail';

type Received = { from: string; to: string[]; source: string; isSecure: boolean };
const MESSAGE: Message = {
  type: 'finding.new',
  timestamp: '2026-05-11T08:00:00.000Z',
  data: {},
  subject: 'high: Burst of denied calls\r\nBcc: evil@example.org\u2028Ж',
  lines: ['session_id=sess-1', '.', '14 records'],
  url: 'https://sealtrail.example/findings?finding=1',
};

let folder = '';
let certificate = '';
let key = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-mail-'));
  const [keyFile, certificateFile] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', keyFile, '-out', certificateFile];
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '2', ...names, ...files], { stdio: 'ignore' });
  [key, certificate] = [readFileSync(keyFile, 'utf8'), readFileSync(certificateFile, 'utf8')];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()));
});

async function mailServer(options: SMTPServerOptions): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    key,
    cert: certificate,
    ...options,
    onData(stream, { envelope, secure }, done) {
      void text(stream).then((source) => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), source, isSecure: secure });
        done(null, 'kept as 42');
      });
    },
  });
  server.on('error', () => undefined); // clients that hang up, as some of these do
  servers.push(server);
  const listening = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listening.once('listening', () => resolve()));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return { port: address.port, received };
}

function envOf(url: string) {
  return readEnv({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://localhost/x',
    CLICKHOUSE_URL: 'http://localhost/x',
    EVIDENCE_URL: 'file:///tmp/x',
    SEALTRAIL_URL: 'http://localhost:7325',
    SEALTRAIL_SECRET: 's'.repeat(32),
    SEALTRAIL_SMTP_URL: url,
    SEALTRAIL_SMTP_FROM: 'sealtrail@example.org',
  });
}
const send = (url: string, ca?: string) =>
  sendMail(
    { env: envOf(url) },
    { to: ['ada@example.org', 'ben@example.org'], id: 'id-1', message: MESSAGE, ...(ca ? { ca } : {}) },
  );

it('mail arrives whole under STARTTLS, and what is in it is no header of its own', async () => {
  const { port, received } = await mailServer({});
  expect(await send(`smtp://localhost:${port}`, certificate)).toMatchObject({
    ok: true,
    status: 250,
    answer: expect.stringContaining('kept as 42'),
  });
  expect(received).toHaveLength(1);
  const [{ from, to, source, isSecure }] = received as [Received];
  expect({ from, to, isSecure }).toEqual({
    from: 'sealtrail@example.org',
    to: ['ada@example.org', 'ben@example.org'],
    isSecure: true,
  });
  const [head = '', ...parts] = source.split('\r\n\r\n');
  const plain = parts.join('\r\n\r\n').replaceAll('=\r\n', '').replaceAll('=3D', '=');
  expect(head).toMatch(/^Message-ID: <id-1@sealtrail>$/im);
  expect(head).not.toMatch(/^Bcc:/im);
  expect(plain).toContain('session_id=sess-1\r\n.\r\n14 records');
  expect(plain).toContain(`\r\n\r\n${MESSAGE.url}\r\n`);
});

it('under TLS from the first byte, with a name and a password', async () => {
  const { port, received } = await mailServer({
    secure: true,
    authOptional: false,
    onAuth: ({ username, password }, _, done) =>
      username === 'ada' && password === 'p/w' ? done(null, { user: username }) : done(new Error('no')),
  });
  expect(await send(`smtps://ada:p%2Fw@localhost:${port}`, certificate)).toMatchObject({ ok: true });
  expect(await send(`smtps://ada:wrong@localhost:${port}`, certificate)).toMatchObject({ ok: false, status: 535 });
  expect(received).toHaveLength(1);
});

it('nothing is said in the clear unless an operator says so, nor to a server nobody vouches for', async () => {
  const bare = await mailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
  expect(await send(`smtp://localhost:${bare.port}`)).toMatchObject({ ok: false, isDown: true });
  expect(bare.received).toEqual([]);
  const own = await mailServer({});
  expect(await send(`smtp://localhost:${own.port}`)).toMatchObject({ ok: false, status: null });
  expect(own.received).toEqual([]);
  expect(await send(`smtp://127.0.0.1:${bare.port}?tls=none`)).toMatchObject({ ok: true });
  expect(bare.received).toMatchObject([{ isSecure: false }]);
});

it('a recipient that is refused is told with the answer, and a server that is not there as that', async () => {
  const { port } = await mailServer({
    onRcptTo: (_, __, done) => done(Object.assign(new Error('no such mailbox'), { responseCode: 550 })),
  });
  expect(await send(`smtp://127.0.0.1:${port}?tls=none`)).toMatchObject({
    ok: false,
    status: 550,
    failure: 'the mail server answered 550',
    answer: expect.stringContaining('no such mailbox'),
    isDown: false,
  });
  expect(await send('smtp://127.0.0.1:1?tls=none')).toMatchObject({ ok: false, status: null, isDown: true });
});
