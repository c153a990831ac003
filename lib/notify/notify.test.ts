import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { readEnv } from '../config/env';
import { askedWaitMs, MOST_ATTEMPTS, nextTryAt } from './schedule';
import { seal, unseal } from './sealed';
import { slackBody } from './send/slack';
import { newWebhookSecret, signedHeaders } from './sign';
import { isLike, isWanted } from './wanted';

const NOW = new Date('2026-05-11T08:00:00Z');

describe('a signature', () => {
  it('is verified by the published library, whatever the body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const secret = newWebhookSecret();
        const body = JSON.stringify({ text });
        const headers = signedHeaders(secret, { id: 'msg_1', at: new Date(), body });
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      }),
      { numRuns: 50 },
    );
  });

  it('holds of no other body, id, time or secret', () => {
    const secret = newWebhookSecret();
    const headers = signedHeaders(secret, { id: 'msg_1', at: new Date(), body: '{}' });
    const verify = (with_: string, body: string, more: object) => () =>
      new Webhook(with_).verify(body, { ...headers, ...more });
    expect(verify(secret, '{ }', {})).toThrow();
    expect(verify(secret, '{}', { 'webhook-id': 'msg_2' })).toThrow();
    expect(verify(secret, '{}', { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })).toThrow();
    expect(verify(newWebhookSecret(), '{}', {})).toThrow();
  });
});

describe('what is sealed', () => {
  const ctx = (secret: string) => ({ env: envOf({ SEALTRAIL_SECRET: secret }) });
  const target = { url: 'https://hooks.example/T0/B0/x', secret: newWebhookSecret() };

  it('is read with the secret of the installation, for its destination, and as it was', () => {
    const own = ctx('a'.repeat(32));
    const sealed = seal(own, 'one', target);
    expect(sealed).not.toContain('hooks');
    expect(seal(own, 'one', target)).not.toBe(sealed);
    expect(unseal(own, 'one', sealed)).toEqual(target);
    expect(unseal(own, 'two', sealed)).toBeNull();
    expect(unseal(ctx('b'.repeat(32)), 'one', sealed)).toBeNull();
    const altered = Buffer.from(sealed, 'base64');
    altered.writeUInt8(altered.readUInt8(20) ^ 1, 20);
    expect(unseal(own, 'one', altered.toString('base64'))).toBeNull();
    for (const text of ['', 'AAAA', 'none']) expect(unseal(own, 'one', text)).toBeNull();
  });
});

describe('what a destination is told of', () => {
  const filter = { events: ['finding.new' as const], minLevel: 'high' as const, ruleIds: [], chains: [] };
  const finding = {
    event: 'finding.new' as const,
    rule: { id: 'r1', level: 'high' as const },
    chains: ['prod-1', 'b'],
  };

  it.each([
    [{}, {}, true],
    [{}, { event: 'finding.grown' as const }, false],
    [{}, { rule: { id: 'r1', level: 'critical' as const } }, true],
    [{}, { rule: { id: 'r1', level: 'medium' as const } }, false],
    [{ ruleIds: ['r2'] }, {}, false],
    [{ ruleIds: ['r2', 'r1'] }, {}, true],
    [{ chains: ['prod-*'] }, {}, true],
    [{ chains: ['test-*', 'B'] }, {}, false],
    [{ chains: ['prod-?'] }, { chains: [] }, false],
    [{ events: ['verdict.bad' as const], ruleIds: ['r2'] }, { event: 'verdict.bad' as const, rule: null }, true],
  ])('%j, of %j: %s', (more, happened, wanted) => {
    expect(isWanted({ ...filter, ...more }, { ...finding, ...happened })).toBe(wanted);
  });

  it('patterns mean what the same in a regular expression does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '\n', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const source = [...pattern]
          .map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one.replace('.', '\\.')))
          .join('');
        expect(isLike(pattern, name)).toBe(new RegExp(`^${source}$`, 'su').test(name));
      }),
      { numRuns: 500 },
    );
  });

  it('a pattern of stars takes no longer than it is long', () => {
    const startedMs = performance.now();
    expect(isLike(`${'*a'.repeat(100)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

it('attempts lie over about a day, and a destination may ask for at most an hour', () => {
  const hours = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => nextTryAt(NOW, index + 1))
    .map((at) => ((at?.getTime() ?? 0) - NOW.getTime()) / 3_600_000)
    .reduce((sum, one) => sum + one, 0);
  expect(hours).toBeGreaterThan(20);
  expect(hours).toBeLessThan(31);
  expect(nextTryAt(NOW, MOST_ATTEMPTS)).toBeNull();
  expect(nextTryAt(NOW, 1, 86_400_000)?.getTime()).toBe(NOW.getTime() + 3_600_000);
  expect(askedWaitMs('120', NOW)).toBe(120_000);
  expect(askedWaitMs('Mon, 11 May 2026 08:01:00 GMT', NOW)).toBe(60_000);
  expect([null, 'soon', '-5', ''].map((text) => askedWaitMs(text, NOW))).toEqual([0, 0, 0, 0]);
});

it('nothing in a message is markup, a mention or a link of Slack but our own link, and a long one fits', () => {
  const hostile = '<!channel> <https://evil.example|click> *bold* @here & |x>\u0000';
  const message = { type: 'test' as const, timestamp: NOW.toISOString(), data: {}, url: 'https://s.example/findings' };
  const { text, blocks } = JSON.parse(slackBody({ ...message, subject: hostile, lines: [hostile] }));
  expect(text.match(/<[^>]*>/g)).toEqual([expect.stringMatching(/^<https:\/\/s\.example\/findings\|[^|<>]*>$/)]);
  expect(blocks[0].text.text).toBe(text);
  const long = JSON.parse(slackBody({ ...message, subject: 'x', lines: ['😀'.repeat(5_000)] }));
  expect(long.text.length).toBeLessThan(3_000);
  expect(long.text.isWellFormed()).toBe(true);
});

describe('the environment', () => {
  it.each([
    ['SEALTRAIL_NOTIFY_ALLOW', 'localhost'],
    ['SEALTRAIL_NOTIFY_ALLOW', '10.0.0.0/33'],
    ['SEALTRAIL_NOTIFY_ALLOW', '10.0.0.0/8/8'],
    ['SEALTRAIL_SMTP_URL', 'http://mail.example'],
    ['SEALTRAIL_SMTP_URL', 'smtps://mail.example?tls=none'],
    ['SEALTRAIL_SMTP_URL', 'smtp://mail.example'],
    ['SEALTRAIL_SMTP_FROM', 'nobody'],
    ['SEALTRAIL_SMTP_FROM', 'sealtrail@example.org'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => envOf({ [name]: value })).toThrow('SEALTRAIL_');
  });

  it('names networks and a mail server', () => {
    const from = { SEALTRAIL_SMTP_FROM: 'sealtrail@example.org' };
    const { notify } = envOf({
      SEALTRAIL_NOTIFY_ALLOW: ' 10.0.0.0/8, ::1 ',
      SEALTRAIL_SMTP_URL: 'smtps://ada%40example.org:p%2Fw@mail.example',
      ...from,
    });
    expect(notify.allowed).toEqual([
      { address: '10.0.0.0', bits: 8, family: 'ipv4' },
      { address: '::1', bits: 128, family: 'ipv6' },
    ]);
    expect(notify.mail?.server).toMatchObject({ port: 465, user: 'ada@example.org', password: 'p/w', isPlain: false });
    expect(envOf({ SEALTRAIL_SMTP_URL: 'smtp://[::1]:25?tls=none', ...from }).notify.mail?.server).toMatchObject({
      host: '::1',
      port: 25,
      isPlain: true,
    });
    expect(envOf({}).notify).toEqual({ allowed: [], mail: null });
  });
});

function envOf(variables: Record<string, string>) {
  return readEnv({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://localhost/x',
    CLICKHOUSE_URL: 'http://localhost/x',
    EVIDENCE_URL: 'file:///tmp/x',
    SEALTRAIL_URL: 'http://localhost:7325',
    SEALTRAIL_SECRET: 's'.repeat(32),
    ...variables,
  });
}
