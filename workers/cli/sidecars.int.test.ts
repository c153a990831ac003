import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preAuthEncoding } from '@/lib/core/statements/dsse';
import { fixture, fixtureText } from '@/lib/testing/fixtures';
import { makeZip } from '@/lib/testing/make-zip';

const COMMAND = path.resolve(import.meta.dirname, '../sealtrail.mjs');

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-whole-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Record<string, string | Uint8Array>;
type Reported = {
  file: string;
  verdict: string | null;
  records: number;
  problems: { code: string; line: number }[];
  files: { file: string; records: number }[];
  checkedSidecars: { kind: string; file: string; holds: boolean | null; message: string }[];
  referenceVerifier: { verdict: string; message: string } | null;
};

let made = 0;
/** A folder of its own with these files; gives its name. */
function laid(files: Files): string {
  made += 1;
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, `case-${made}`, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return `case-${made}`;
}
function run(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8', input: '' });
}
function verified(...args: string[]): { reported: Reported[]; status: number | null; stderr: string } {
  const ran = run('verify', '--json', ...args);
  return {
    reported: ran.stdout
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Reported => JSON.parse(line)),
    status: ran.status,
    stderr: ran.stderr,
  };
}
const codes = ({ problems }: Reported) => [...new Set(problems.map(({ code }) => code))];
const holds = ({ checkedSidecars }: Reported) =>
  checkedSidecars.map((checkedSidecar) => [path.basename(checkedSidecar.file), checkedSidecar.holds]);

const ID = '20260421-200000-11111';
const SESSION = {
  'audit/ledger.ndjson': fixtureText('nono', 'ledger.ndjson'),
  [`audit/${ID}/audit-events.ndjson`]: fixture('nono', 'valid'),
  [`audit/${ID}/session.json`]: fixtureText('nono', 'session.json'),
  [`audit/${ID}/proofs.json`]: fixtureText('nono', 'proofs.json'),
};
const LOG = `audit/${ID}/audit-events.ndjson`;

describe('a nono session folder', () => {
  it.each(['', '/audit', `/audit/${ID}`, `/${LOG}`])('is checked as a whole, named by %s', (name) => {
    const { reported, status } = verified(`${laid(SESSION)}${name}`);
    expect(reported.map(({ verdict }) => verdict)).toEqual(['verified']);
    expect(reported.flatMap(holds).toSorted()).toEqual([
      ['ledger.ndjson', true],
      ['proofs.json', true],
      ['session.json', true],
    ]);
    expect(status).toBe(0);
  });

  it('is told to a person', () => {
    const { stdout } = run('verify', laid(SESSION));
    expect(stdout).toContain('  session.json: 213 events, head and Merkle root agree.\n');
    expect(stdout).toMatch(
      / {2}ledger.ndjson: Row \d of 5 holds the digest of session.json, and the rows follow one another.\n/,
    );
  });

  const [first = '', ...rest] = fixtureText('nono', 'ledger.ndjson').split('\n');
  it.each<[string, Files, string, string, number]>([
    [
      'a log cut off at a record',
      { [LOG]: fixture('nono', 'valid').subarray(0, fixture('nono', 'valid').lastIndexOf('\n', -2) + 1) },
      'truncated',
      'shorter-than-witnessed',
      1,
    ],
    ['a log that was emptied', { [LOG]: '' }, 'truncated', 'shorter-than-witnessed', 1],
    [
      'another Merkle root',
      {
        [`audit/${ID}/session.json`]: fixtureText('nono', 'session.json').replace(
          /"merkle_root": "a8/,
          '"merkle_root": "b8',
        ),
      },
      'tampered',
      'merkle-mismatch',
      1,
    ],
    [
      'another session file',
      {
        [`audit/${ID}/session.json`]: fixtureText('nono', 'session.json').replace('"exit_code": -1', '"exit_code": 0'),
      },
      'tampered',
      'ledger-mismatch',
      1,
    ],
    [
      'a changed ledger',
      { 'audit/ledger.ndjson': [first.replace('20:05', '20:06'), ...rest].join('\n') },
      'tampered',
      'ledger-mismatch',
      1,
    ],
    ['a damaged session file', { [`audit/${ID}/session.json`]: '{"session_id":' }, 'corrupt', 'unreadable-evidence', 2],
    [
      'another proof',
      { [`audit/${ID}/proofs.json`]: fixtureText('nono', 'proofs.json').replace('7d090a', '7d090b') },
      'tampered',
      'merkle-mismatch',
      1,
    ],
  ])('with %s', (_, changed, verdict, code, exitStatus) => {
    const { reported, status } = verified(laid({ ...SESSION, ...changed }));
    expect(reported.map((log) => log.verdict)).toEqual([verdict]);
    expect(reported.flatMap(codes)).toContain(code);
    expect(status).toBe(exitStatus);
  });

  it('with a session file that is too long to be one', () => {
    expect(
      verified(laid({ ...SESSION, [`audit/${ID}/session.json`]: ' '.repeat(17 * 1024 * 1024) })).reported.flatMap(
        codes,
      ),
    ).toEqual(['unreadable-evidence']);
  });

  it.each(['folder', 'archive'])('of a %s without its log, and a ledger without its sessions, are told', (where) => {
    const { [LOG]: _, ...rest } = SESSION;
    const name = laid(
      where === 'folder'
        ? rest
        : {
            'a.zip': makeZip(
              Object.entries(rest).map(([file, content]) => ({ name: file, content: Buffer.from(content) })),
            ),
          },
    );
    const { reported, status, stderr } = verified(name);
    expect(reported).toMatchObject([
      { file: `${name}/${where === 'folder' ? '' : 'a.zip/'}audit/${ID}`, verdict: null },
    ]);
    expect(stderr).toContain('vouches for 213 events, and no log: audit-events.ndjson was removed');
    expect(stderr).toContain('names 4 of 5 sessions that are not beside it');
    expect(status).toBe(2);
  });

  it('brings what nono itself says of log and session file together', () => {
    const changed = fixtureText('nono', 'session.json').replace(/"chain_head": "../, '"chain_head": "00');
    const { reported } = verified(laid({ ...SESSION, [`audit/${ID}/session.json`]: changed }));
    expect(reported[0]?.referenceVerifier).toMatchObject({
      verdict: 'failed',
      message: 'Alpha audit log chain head mismatch',
    });
  });

  it('is attested by the key that is pinned, or by none', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const keyId = createHash('sha256').update(spki).digest('hex');
    const type = 'https://nono.sh/attestation/audit-session/alpha';
    const session = JSON.parse(fixtureText('nono', 'session.json'));
    const { session_id, started, ended, audit_integrity } = session;
    const payload = Buffer.from(
      JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: `audit-session:${session_id}`, digest: { sha256: audit_integrity.merkle_root } }],
        predicateType: type,
        predicate: {
          version: 1,
          session_id,
          started,
          ended,
          audit_log: audit_integrity,
          signer: { kind: 'keyed', key_id: keyId },
        },
      }),
    );
    const payloadType = 'application/vnd.in-toto+json';
    const sig = sign('sha256', preAuthEncoding(payloadType, payload), privateKey).toString('base64');
    const bundle = {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: keyId } },
      dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig, keyid: keyId }] },
    };
    const attested = JSON.stringify({
      ...session,
      audit_attestation: {
        predicate_type: type,
        key_id: keyId,
        public_key: spki.toString('base64'),
        bundle_filename: 'audit-attestation.bundle',
      },
    });
    const { 'audit/ledger.ndjson': _, ...rest } = SESSION;
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
    const name = laid({
      ...rest,
      [`audit/${ID}/session.json`]: attested,
      [`audit/${ID}/audit-attestation.bundle`]: JSON.stringify(bundle),
      'own.pem': publicKey.export({ type: 'spki', format: 'pem' }),
      'other.pem': other,
    });
    expect(run('verify', name).stdout).toContain('self-attested');
    expect(verified(name, '--pubkey', `${name}/own.pem`)).toMatchObject({
      status: 0,
      stderr: '',
      reported: [{ verdict: 'verified' }],
    });
    expect(verified(name, '--pubkey', `${name}/other.pem`)).toMatchObject({
      status: 1,
      reported: [{ verdict: 'tampered', problems: [{ code: 'bad-signature' }] }],
    });
  });

  it('is what a ledger is checked with', () => {
    expect(verified(`${laid(SESSION)}/audit/ledger.ndjson`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('name its folder'),
    });
  });

  it('is no folder of several logs with other names', () => {
    const { reported, status } = verified(
      laid({ 'a.jsonl': fixture('nono', 'valid'), 'b.jsonl': fixture('nono', 'crlf'), 'session.json': '{}' }),
    );
    expect({ checkedSidecars: reported.flatMap(({ checkedSidecars }) => checkedSidecars), status }).toEqual({
      checkedSidecars: [],
      status: 0,
    });
  });
});

describe('a rotated log', () => {
  const parts = (bytes: Buffer, count: number) => {
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    const each = Math.ceil(lines.length / count);
    return Array.from({ length: count }, (_, index) =>
      lines
        .slice(index * each, (index + 1) * each)
        .map((line) => `${line}\n`)
        .join(''),
    );
  };
  const [older = '', middle = '', newer = ''] = parts(fixture('occasio', 'valid'), 3);

  it('is one log when its chain goes on from file to file', () => {
    const name = laid({ 'x.jsonl': newer, 'x.jsonl.1': middle, 'x.jsonl.2.gz': gzipSync(older) });
    const { reported, status } = verified(name);
    expect(reported).toMatchObject([
      {
        file: `${name}/x.jsonl`,
        verdict: 'verified',
        records: 228,
        files: [
          { file: `${name}/x.jsonl.2.gz`, records: 76 },
          { file: `${name}/x.jsonl.1`, records: 76 },
          { file: `${name}/x.jsonl`, records: 76 },
        ],
      },
    ]);
    expect(status).toBe(0);
  });

  it('has a gap where a file is missing, and problems are placed in their file', () => {
    expect(verified(laid({ 'x.jsonl': newer, 'x.jsonl.2': older })).reported.flatMap(codes)).toEqual([
      'missing-records',
    ]);
    const agentfence = parts(fixture('agentfence', 'rotated-older'), 2);
    const gap = verified(
      laid({ 'x.jsonl': fixture('agentfence', 'rotated'), 'x.jsonl.20260815T000010.000000000Z': agentfence[0] ?? '' }),
    );
    expect(gap.reported).toMatchObject([{ verdict: 'gap', problems: [{ code: 'missing-records' }] }]);
    expect(gap.status).toBe(1);
    const changed = middle.replace('"action"', '"actiom"');
    expect(run('verify', laid({ 'x.jsonl': newer, 'x.jsonl.1': changed, 'x.jsonl.2': older })).stdout).toMatch(
      /record \d+, line \d+, byte [\d,]+, \d+ bytes long, which is line \d+ of x.jsonl.1\n/,
    );
  });

  it.each([
    ['logrotate dateext', ['x.jsonl-20260601', 'x.jsonl-2026060212.gz']],
    ['logrotate extension', ['x-20260601.jsonl', 'x-20260602-1.jsonl.gz']],
  ])('as %s names it is one log, in a folder, by name and in an archive', (_, [first = '', second = '']) => {
    const files: Files = { 'x.jsonl': newer, [first]: older, [second]: gzipSync(middle) };
    const name = laid({
      ...files,
      'y/x.zip': makeZip(
        Object.entries(files).map(([entry, content]) => ({ name: entry, content: Buffer.from(content) })),
      ),
      'x.log': 'x',
    });
    const one = { verdict: 'verified', records: 228, files: [{ records: 76 }, { records: 76 }, { records: 76 }] };
    const inFolder = verified(name);
    expect(inFolder).toMatchObject({
      reported: [one, one],
      status: 0,
      stderr: `sealtrail: left out, as their names are no log's: ${name}/x.log. Name a file itself to have it checked\n`,
    });
    expect(
      inFolder.reported.map(({ files: parts }) => parts.map(({ file }: { file: string }) => path.basename(file))),
    ).toEqual([
      [first, second, 'x.jsonl'],
      [first, second, 'x.jsonl'],
    ]);
    expect(verified(...['x.jsonl', second, first].map((file) => `${name}/${file}`)).reported).toMatchObject([
      { ...one, file: `${name}/x.jsonl` },
    ]);
  });

  it('with a file that cannot be read is not checked, and the file is named', () => {
    const name = laid({ 'x.jsonl': newer, 'x.jsonl.1': middle, 'x.jsonl.2.gz': gzipSync(older).subarray(0, -20) });
    expect(verified(name)).toMatchObject({
      status: 2,
      reported: [{ file: `${name}/x.jsonl`, verdict: null }],
      stderr: expect.stringContaining(
        `${name}/x.jsonl cannot be checked whole: ${name}/x.jsonl.2.gz the gzip stream is damaged or cut off`,
      ),
    });
  });

  it('of a tool that begins anew in every file is several logs', () => {
    const { reported } = verified(
      laid({ 'x.jsonl': fixture('occasio', 'valid'), 'x.jsonl.1': middle, 'x.jsonl.2': older }),
    );
    expect(reported.map(({ file, verdict }) => [path.basename(file), verdict])).toEqual([
      ['x.jsonl', 'verified'],
      ['x.jsonl', 'verified'],
    ]);
  });

  it('of AgentFence is one, with what the tool says of each file', () => {
    const { reported } = verified(
      laid({
        'x.jsonl': fixture('agentfence', 'rotated'),
        'x.jsonl.20260815T000010.000000000Z': fixture('agentfence', 'rotated-older'),
      }),
    );
    expect(reported).toMatchObject([
      {
        verdict: 'restarted',
        records: 20,
        problems: [{ code: 'rotation', line: 11 }],
        referenceVerifier: {
          verdict: 'ok',
          message: 'each of the 2 files by itself; of the last: OK: 10 event(s) verified',
        },
      },
    ]);
  });
});

describe('anchors and keys', () => {
  const signed = fixture('agentfence', 'signed');
  const lines = signed.toString('utf8').trimEnd().split('\n');
  const last: { seq: number; hash: string } = JSON.parse(lines.at(-1) ?? '');
  const fields = `{"schema_version":"1","event_count":20,"last_seq":${last.seq},"last_hash":"${last.hash}","timestamp":"2026-08-15T00:01:00Z"}`;
  const key = fixtureText('agentfence', 'signing.pub.pem');
  const short = lines
    .slice(0, 15)
    .map((line) => `${line}\n`)
    .join('');

  it('are held against the log that is named', () => {
    const name = laid({ 'x.jsonl': signed, 'short.jsonl': short, 'a.json': fields, 'k.pem': key });
    const whole = verified(`${name}/x.jsonl`, '--anchor', `${name}/a.json`, '--pubkey', `${name}/k.pem`);
    expect(whole.reported.map(holds)).toEqual([
      [
        ['a.json', true],
        ['k.pem', true],
      ],
    ]);
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect(verified(`${name}/short.jsonl`, '--anchor', `${name}/a.json`)).toMatchObject({
      status: 1,
      reported: [{ verdict: 'truncated' }],
    });
    expect(run('verify', `${name}/x.jsonl`, '--pubkey', `${name}/k.pem`).stdout).toContain(
      '  signatures: 20 signatures hold.\n',
    );
  });

  it('are found beside it by their names', () => {
    expect(
      verified(laid({ 'audit.jsonl': short, 'audit.anchor.json': fields, 'other.jsonl': signed })).reported.map(
        ({ verdict }) => verdict,
      ),
    ).toEqual(['truncated', 'verified']);
    expect(verified(laid({ 'audit.jsonl': short, 'anchor.json': fields })).reported).toMatchObject([
      { verdict: 'truncated' },
    ]);
    expect(
      verified(laid({ 'audit.jsonl': short, 'anchor.json': fields, 'other.jsonl': signed })).reported.map(
        ({ verdict }) => verdict,
      ),
    ).toEqual(['verified', 'verified']);
  });

  it('of others, or missing, are told', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const own = publicKey.export({ type: 'spki', format: 'pem' });
    const anchor = `${fields.slice(0, -1)},"signature":"${sign(null, createHash('sha256').update(fields).digest(), privateKey).toString('base64')}"}`;
    const name = laid({
      'x.jsonl': signed,
      'plain.jsonl': fixture('agentfence', 'valid'),
      'own.pem': own,
      'k.pem': key,
      'a.json': anchor,
    });
    expect(verified(`${name}/x.jsonl`, '--pubkey', `${name}/own.pem`)).toMatchObject({
      status: 1,
      reported: [{ verdict: 'tampered' }],
    });
    expect(
      verified(
        `${name}/x.jsonl`,
        '--pubkey',
        `${name}/own.pem`,
        '--pubkey',
        `${name}/k.pem`,
        '--anchor',
        `${name}/a.json`,
      ),
    ).toMatchObject({ status: 0, reported: [{ verdict: 'verified' }] });
    expect(
      verified(`${name}/x.jsonl`, '--pubkey', `${name}/k.pem`, '--anchor', `${name}/a.json`).reported.flatMap(codes),
    ).toEqual(['bad-signature']);
    expect(verified(`${name}/plain.jsonl`, '--pubkey', `${name}/k.pem`)).toMatchObject({
      status: 0,
      reported: [{ verdict: 'verified-with-warnings', problems: [{ code: 'unsigned-record' }] }],
    });
  });

  it('that cannot be used are refused', () => {
    const name = laid({
      'x.jsonl': fixture('occasio', 'valid'),
      'y.jsonl': signed,
      'a.json': fields,
      'k.pem': key,
      'none.pem': 'x',
    });
    expect(verified(`${name}/x.jsonl`, '--anchor', `${name}/a.json`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is no AgentFence log'),
    });
    expect(verified(`${name}/x.jsonl`, '--pubkey', `${name}/k.pem`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('carries no signatures'),
    });
    expect(verified(name, '--anchor', `${name}/a.json`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('an anchor is for one log, and there are 2'),
    });
    expect(verified(`${name}/y.jsonl`, '--anchor', `${name}/k.pem`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is no anchor'),
    });
    expect(verified(`${name}/y.jsonl`, '--pubkey', `${name}/none.pem`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is no public key'),
    });
    expect(verified(`${name}/y.jsonl`, '--pubkey', `${name}/missing.pem`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('missing.pem cannot be read'),
    });
  });
});

describe('an archive', () => {
  const FILES: Files = {
    ...SESSION,
    'logs/x.jsonl': fixture('agentfence', 'rotated'),
    'logs/x.jsonl.20260815T000010.000000000Z': fixture('agentfence', 'rotated-older'),
    'logs/bad.jsonl': fixture('occasio', 'tampered'),
    'README.md': 'x',
  };
  const tarOf = async (files: Files) => {
    const tar = pack();
    for (const [name, content] of Object.entries(files)) tar.entry({ name }, Buffer.from(content));
    tar.finalize();
    return buffer(tar);
  };
  const zipOf = (files: Files) =>
    makeZip(Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) })));

  it('is checked as the folder it was made of', async () => {
    const tar = await tarOf(FILES);
    const name = laid({ ...FILES, 'a.zip': zipOf(FILES), 'a.tar': tar, 'a.tgz': gzipSync(tar) });
    const known = (from: string) =>
      verified(from).reported.map((log) => ({
        ...log,
        file: path.relative(from, log.file),
        files: [],
        checkedSidecars: holds(log),
      }));
    for (const each of ['audit', 'logs']) expect(known(`${name}/${each}`).length).toBeGreaterThan(0);
    const folders = [
      ...known(`${name}/audit`).map((log) => ({ ...log, file: `audit/${log.file}` })),
      ...known(`${name}/logs`).map((log) => ({ ...log, file: `logs/${log.file}` })),
    ];
    for (const archive of ['a.zip', 'a.tar', 'a.tgz']) {
      const { reported, status } = verified(`${name}/${archive}`);
      expect(reported.map((log) => path.relative(`${name}/${archive}`, log.file))).toEqual([
        LOG,
        'logs/bad.jsonl',
        'logs/x.jsonl',
      ]);
      expect(
        reported.map((log) => ({ verdict: log.verdict, problems: log.problems, checkedSidecars: holds(log) })),
      ).toEqual(folders.map(({ verdict, problems, checkedSidecars }) => ({ verdict, problems, checkedSidecars })));
      expect(status).toBe(1);
    }
  });

  it('that is hostile, damaged or without logs is refused; one inside another is not opened', async () => {
    const name = laid({
      'out.zip': zipOf({ '../x.jsonl': 'x' }),
      'cut.tgz': gzipSync(await tarOf(FILES)).subarray(0, -50),
      'none.zip': zipOf({ 'README.md': 'x' }),
      'nested.zip': zipOf({ 'x.jsonl': fixture('occasio', 'valid'), 'inner.zip': zipOf({}) }),
    });
    const { reported, status, stderr } = verified(name);
    expect(reported.map(({ file, verdict }) => [path.relative(name, file), verdict])).toEqual([
      ['cut.tgz', null],
      ['nested.zip/inner.zip', null],
      ['nested.zip/x.jsonl', 'verified'],
      ['none.zip', null],
      ['out.zip', null],
    ]);
    for (const said of [
      'its entry "../x.jsonl" leads out of the archive',
      'the gzip stream is damaged or cut off',
      'holds no *.jsonl',
      'is an archive inside an archive',
    ])
      expect(stderr).toContain(said);
    expect(status).toBe(2);
  });
});

it('inspect counts what lies in a period', () => {
  cpSync(
    path.resolve(import.meta.dirname, '../../lib/core/formats/occasio/fixtures/valid.jsonl'),
    path.join(folder, 'period.jsonl'),
  );
  const times = readFileSync(path.join(folder, 'period.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line).ts);
  const ran = run(
    'inspect',
    '--json',
    '--from',
    '2026-05-11T09:00:00Z',
    '--to',
    '2026-05-11T11:00:00+01:00',
    'period.jsonl',
  );
  const { period } = JSON.parse(ran.stdout);
  expect(period).toMatchObject({ asked: { from: '2026-05-11T09:00:00Z', to: '2026-05-11T10:00:00Z' } });
  expect(period.records.total).toBe(times.filter((time) => time >= '2026-05-11T09' && time < '2026-05-11T10').length);
  expect(run('inspect', '--from', '2026-05-11T09:00:00Z', 'period.jsonl').stdout).toContain(
    'Results requested for 2026-05-11T09:00:00Z to the end\n',
  );
  expect(run('inspect', '--from', 'yesterday', 'period.jsonl').status).toBe(2);
});
