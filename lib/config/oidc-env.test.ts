import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readEnv } from './env';

const GIVEN = {
  SEALTRAIL_OIDC_ISSUER: 'https://id.example/realms/main',
  SEALTRAIL_OIDC_CLIENT_ID: 'sealtrail',
  SEALTRAIL_OIDC_CLIENT_SECRET: 'a secret',
  SEALTRAIL_OIDC_ROLES: 'sec-admins=administrator, sec-team=analyst,*=auditor',
};
const oidc = (given: Record<string, string>) =>
  readEnv({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://db',
    CLICKHOUSE_URL: 'http://lake',
    EVIDENCE_URL: 'file:///evidence',
    SEALTRAIL_URL: 'https://sealtrail.example/',
    SEALTRAIL_SECRET: 's'.repeat(32),
    ...given,
  }).oidc;

it('is off without an issuer', () => {
  expect(oidc({})).toBeNull();
  expect(oidc({ SEALTRAIL_OIDC_ISSUER: '', SEALTRAIL_OIDC_CLIENT_ID: '', SEALTRAIL_OIDC_ONLY: '0' })).toBeNull();
});

it('has its defaults', () => {
  expect(oidc(GIVEN)).toEqual({
    issuer: 'https://id.example/realms/main',
    clientId: 'sealtrail',
    clientSecret: 'a secret',
    scope: 'openid profile email',
    groupsClaim: 'groups',
    roles: [
      { group: 'sec-admins', role: 'administrator' },
      { group: 'sec-team', role: 'analyst' },
      { group: '*', role: 'auditor' },
    ],
    label: 'single sign-on',
    mayLink: false,
    isOnly: false,
    sessionMs: 12 * 3_600_000,
  });
});

it('takes what is said', () => {
  expect(
    oidc({
      ...GIVEN,
      SEALTRAIL_OIDC_SCOPES: 'email, groups openid',
      SEALTRAIL_OIDC_GROUPS_CLAIM: 'roles',
      SEALTRAIL_OIDC_ROLES: String.raw`cn=audit\,ou=groups=auditor`,
      SEALTRAIL_OIDC_LABEL: 'Example',
      SEALTRAIL_OIDC_LINK: '1',
      SEALTRAIL_OIDC_ONLY: '1',
      SEALTRAIL_OIDC_SESSION_HOURS: '1.5',
    }),
  ).toMatchObject({
    scope: 'openid email groups',
    groupsClaim: 'roles',
    roles: [{ group: 'cn=audit,ou=groups', role: 'auditor' }],
    label: 'Example',
    mayLink: true,
    isOnly: true,
    sessionMs: 5_400_000,
  });
});

it('reads the secret of a file, without the end of its line', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-oidc-'));
  const file = path.join(folder, 'secret');
  try {
    writeFileSync(file, 'of a file\n');
    const { SEALTRAIL_OIDC_CLIENT_SECRET: _, ...rest } = GIVEN;
    expect(oidc({ ...rest, SEALTRAIL_OIDC_CLIENT_SECRET_FILE: file })?.clientSecret).toBe('of a file');
    expect(() => oidc({ ...GIVEN, SEALTRAIL_OIDC_CLIENT_SECRET_FILE: file })).toThrow('are both set');
    expect(() => oidc({ ...rest, SEALTRAIL_OIDC_CLIENT_SECRET_FILE: `${file}2` })).toThrow('cannot be read');
    writeFileSync(file, '\n');
    expect(() => oidc({ ...rest, SEALTRAIL_OIDC_CLIENT_SECRET_FILE: file })).toThrow('is empty');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('takes http of a provider on this machine alone', () => {
  expect(oidc({ ...GIVEN, SEALTRAIL_OIDC_ISSUER: 'http://127.0.0.1:9000' })?.issuer).toBe('http://127.0.0.1:9000/');
  for (const issuer of ['http://id.example', 'http://127.0.0.1.example', 'ftp://id.example', 'id.example'])
    expect(() => oidc({ ...GIVEN, SEALTRAIL_OIDC_ISSUER: issuer })).toThrow('SEALTRAIL_OIDC_ISSUER');
});

it.each([
  ['SEALTRAIL_OIDC_CLIENT_ID', '', 'SEALTRAIL_OIDC_CLIENT_ID: is missing'],
  ['SEALTRAIL_OIDC_CLIENT_SECRET', '', 'set one of them'],
  ['SEALTRAIL_OIDC_ROLES', '', 'nobody could sign in'],
  ['SEALTRAIL_OIDC_ROLES', 'sec-admins=root', '"sec-admins=root" is no group=role'],
  ['SEALTRAIL_OIDC_ROLES', '=auditor', '"=auditor" is no group=role'],
  ['SEALTRAIL_OIDC_ROLES', 'auditor', '"auditor" is no group=role'],
  ['SEALTRAIL_OIDC_ONLY', 'yes', 'must be 1 or 0'],
  ['SEALTRAIL_OIDC_SESSION_HOURS', '0', 'SEALTRAIL_OIDC_SESSION_HOURS'],
])('%s=%s is refused', (name, value, message) => {
  expect(() => oidc({ ...GIVEN, [name]: value })).toThrow(message);
});

it('nobody is shut out by half of it', () => {
  expect(() => oidc({ SEALTRAIL_OIDC_ONLY: '1' })).toThrow('goes with SEALTRAIL_OIDC_ISSUER');
});
