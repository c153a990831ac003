import { describe, expect, it } from 'vitest';
import { formatVerifierKey } from '../core/merkle/signed-note';
import { readEnv } from './env';

const KEY = formatVerifierKey('witness.example/w1', 'cosignature', new Uint8Array(32).fill(7));
const env = (given: Record<string, string>) =>
  readEnv({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://db',
    CLICKHOUSE_URL: 'http://lake',
    EVIDENCE_URL: 'file:///evidence',
    SEALTRAIL_URL: 'https://sealtrail.example/',
    SEALTRAIL_SECRET: 's'.repeat(32),
    SEALTRAIL_ROOT: '/srv',
    ...given,
  });

describe('witnesses of the log', () => {
  it('are keys with the address they are asked at', () => {
    const other = formatVerifierKey('w2@home', 'cosignature', new Uint8Array(32).fill(8));
    expect(
      env({
        SEALTRAIL_WITNESSES: ` ${KEY}@https://witness.example/  ${other}@http://127.0.0.1:8080/path `,
      }).witnesses.map(({ key, url }) => [key.name, url]),
    ).toEqual([
      ['witness.example/w1', 'https://witness.example'],
      ['w2@home', 'http://127.0.0.1:8080/path'],
    ]);
    expect(env({}).witnesses).toEqual([]);
    expect(env({ SEALTRAIL_WITNESSES: '' }).witnesses).toEqual([]);
  });

  it.each([
    ['https://witness.example', 'verifier key@URL'],
    [KEY, 'verifier key@URL'],
    [`${KEY.replace('w1', 'w9')}@https://w.example`, 'is not that of its name and key'],
    [
      `${formatVerifierKey('log.example', 'ed25519', new Uint8Array(32).fill(7))}@https://w.example`,
      'not one for cosignatures',
    ],
  ])('are not %s', (text, message) => {
    expect(() => env({ SEALTRAIL_WITNESSES: text })).toThrow(message);
  });
});

it("the log's key lies with the other secrets, or where it is said to", () => {
  expect(env({}).logKeyFile).toBe('/srv/.sealtrail/secrets/log-key.pem');
  expect(env({ SEALTRAIL_LOG_KEY_FILE: '' }).logKeyFile).toBe('/srv/.sealtrail/secrets/log-key.pem');
  expect(env({ SEALTRAIL_LOG_KEY_FILE: 'shared/log.pem' }).logKeyFile).toBe('/srv/shared/log.pem');
});
