import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCode } from '@/lib/core/chain/verdict';
import type { Hasher } from '@/lib/core/chain/format';
import { FORMATS, formatById } from '@/lib/core/formats';
import type { Problem } from '@/lib/core/chain/problem';
import { createHasher } from '@/lib/crypto/hasher';
import { fixture, fixtureNames } from '@/lib/testing/fixtures';
import { writers } from '@/lib/testing/chains';
import { verifySegments } from '@/lib/testing/verify';

const ROOT = path.resolve(import.meta.dirname, '../..');
const COMMAND = path.join(ROOT, 'workers/sealtrail.mjs');
const FIXTURES = path.join(ROOT, 'lib/core/formats');
const KEYS = [
  'file',
  'format',
  'verdict',
  'records',
  'bytes',
  'firstRecordedAt',
  'lastRecordedAt',
  'head',
  'problems',
  'problemCounts',
  'referenceVerifier',
  'files',
  'checkedSidecars',
];
const PROBLEM_KEYS = ['code', 'severity', 'record', 'line', 'byteOffset', 'byteLength', 'expected', 'found', 'message'];

let folder: string;
let hasher: Hasher;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-cli-'));
  hasher = await createHasher();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: string[], input?: Uint8Array): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input: input ?? '',
    maxBuffer: 256 * 1024 * 1024,
  });
}
const jsonLines = (ran: SpawnSyncReturns<string>) =>
  ran.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const sample = (name: string) => path.join(FIXTURES, `${name.replace('/', '/fixtures/')}.jsonl`);
function temp(name: string, bytes: Uint8Array | string = ''): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

describe('verify', () => {
  it.each(FORMATS.map(({ id }) => id))('says of every %s sample what the core says', (format) => {
    const names = fixtureNames(format);
    const ran = run(['verify', '--json', '--format', format, ...names.map((name) => sample(`${format}/${name}`))]);
    const reported = jsonLines(ran);
    for (const [index, name] of names.entries()) {
      const core = verifySegments(formatById(format), hasher, [fixture(format, name)]);
      expect(Object.keys(reported[index])).toEqual(KEYS);
      expect(reported[index]).toMatchObject({
        file: sample(`${format}/${name}`),
        format,
        verdict: core.verdict,
        records: core.records,
        bytes: core.sizeBytes,
        head: core.head,
        problemCounts: core.problemCounts,
      });
      expect(reported[index].problems.map((problem: object) => Object.keys(problem))).toEqual(
        core.problems.map(() => PROBLEM_KEYS),
      );
      expect(reported[index].problems).toEqual(expect.arrayContaining(core.problems));
      // Our own format has no tool whose verifier could be followed.
      const said = formatById(format).referenceVerifier ? ['verdict', 'line', 'message'] : [];
      expect(Object.keys(reported[index].referenceVerifier ?? {})).toEqual(said);
    }
    expect(ran).toMatchObject({ stderr: '', status: 1 });
  });

  it.each(
    FORMATS.flatMap(({ id }) =>
      ['valid', 'tampered', 'gap', 'truncated-tail', 'empty'].map((name) => [id, name] as const),
    ),
  )('ends with the status of %s %s', (format, name) => {
    const { verdict } = verifySegments(formatById(format), hasher, [fixture(format, name)]);
    expect(run(['verify', sample(`${format}/${name}`)]).status).toBe(exitCode(verdict));
  });

  it('tells a person the verdict, what is wrong and where', () => {
    const { stdout, stderr, status } = run(['verify', sample('occasio/valid'), sample('occasio/tampered')]);
    expect(stdout).toContain(
      'valid.jsonl  Occasio  verified\n  228 records from 11 May 2026 08:00 to 11:50 UTC hold; nothing is missing between them.',
    );
    expect(stdout).toContain(
      'error  hash-mismatch  record 99, line 100, byte 69,317, 777 bytes long\n    The content does not match',
    );
    expect(stdout).toContain("Occasio's own verifier: fails at line 100: hash mismatch");
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('2 logs: 1 verified, 1 tampered.');
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
  });

  it('tells the first 20 problems, or all', () => {
    const few = run(['verify', sample('nono/no-event-json')]).stdout;
    expect(few.match(/no-event-json {2}record/g)).toHaveLength(20);
    expect(few).toContain('… and 193 more; --all shows them: 213 no-event-json in all.');
    expect(
      run(['verify', '--all', sample('nono/no-event-json')]).stdout.match(/no-event-json {2}record/g),
    ).toHaveLength(213);
  });

  it('reads standard input', () => {
    const ran = run(['verify', '--json', '-'], fixture('arbiter', 'gap'));
    expect(jsonLines(ran)[0]).toMatchObject({ file: '-', format: 'arbiter', verdict: 'gap' });
    expect(ran.status).toBe(1);
  });

  it('finds the logs of a folder and those below, files of a rotated log as one, whatever links there are', () => {
    const logs = path.join(folder, 'logs');
    cpSync(sample('vouch/valid'), path.join(logs, 'b.jsonl'));
    cpSync(sample('agentfence/rotated'), path.join(logs, 'a/audit.ndjson'));
    cpSync(sample('agentfence/rotated-older'), path.join(logs, 'a/audit.ndjson.20260815T000010.000000000Z'));
    temp('logs/notes.txt');
    temp('logs/.hidden.jsonl', 'x');
    symlinkSync(logs, path.join(logs, 'a/loop'));
    const ran = run(['verify', '--json', 'logs']);
    expect(jsonLines(ran).map(({ file, verdict }) => [file, verdict])).toEqual([
      ['logs/a/audit.ndjson', 'restarted'],
      ['logs/b.jsonl', 'verified'],
    ]);
    expect(ran).toMatchObject({
      stderr:
        "sealtrail: left out, as their names begin with a dot: logs/.hidden.jsonl\nsealtrail: left out, as their names are no log's: logs/notes.txt. Name a file itself to have it checked\n",
      status: 0,
    });
  });

  it('says what it could not read, and goes on', () => {
    symlinkSync('nowhere', path.join(folder, 'dangling.jsonl'));
    symlinkSync('circle.jsonl', path.join(folder, 'circle.jsonl'));
    const strange = temp('strange.jsonl', '{"a":1}\n');
    const ran = run([
      'verify',
      '--json',
      'missing.jsonl',
      'dangling.jsonl',
      'circle.jsonl',
      strange,
      sample('vouch/valid'),
    ]);
    expect(jsonLines(ran).map(({ verdict }) => verdict)).toEqual([null, null, null, null, 'verified']);
    expect(Object.keys(jsonLines(ran)[0])).toEqual(KEYS);
    expect(ran.stderr).toContain('sealtrail: missing.jsonl cannot be read: it does not exist\n');
    expect(ran.stderr).toContain('sealtrail: circle.jsonl cannot be read: its symbolic links lead in a circle\n');
    expect(ran.stderr).toContain('strange.jsonl is of no known format');
    expect(ran.status).toBe(2);
  });

  it('lets nothing in a log act on the terminal', () => {
    const log = temp(
      'escape\u001b[2J.jsonl',
      fixture('occasio', 'schema2-row11')
        .toString('utf8')
        .replace('"audit_schema":2', '"audit_schema":"\u009b2J\\u001b[31m"'),
    );
    const { stdout } = run(['verify', log]);
    expect(stdout).toContain('unknown-schema');
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('refuses wrong usage with status 2', () => {
    for (const args of [
      ['verify'],
      ['verify', '--anchor', 'x', sample('occasio/valid')],
      ['verify', '--format', 'none', 'x'],
      ['verify', '--threads', '0', 'x'],
      ['verify', '-', '-'],
      ['nothing'],
    ]) {
      const ran = run(args);
      expect([args, ran.status, ran.stdout]).toEqual([args, 2, '']);
      expect(ran.stderr).not.toBe('');
    }
  });

  it('ends quietly when its reader goes away', async () => {
    const log = temp('many.jsonl', 'null\n'.repeat(50_000));
    const child = spawn(process.execPath, [COMMAND, 'verify', '--json', '--format', 'occasio', log], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = text(child.stderr);
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.once('exit', resolve));
    expect({ said: await said, status }).toEqual({ said: '', status: 141 });
  });

  it('checks a log of several segments on several threads, as on one and as through a pipe, and shows no progress there', () => {
    const lines = writers(hasher).occasio.write(
      Array.from({ length: 200_000 }, (_, index) => ({
        tool: 'bash',
        decision: 'allow',
        note: `${index} ${'x'.repeat(120)}`,
      })),
    );
    lines[150_000] = (lines[150_000] ?? '').replace('"agent":"a"', '"agent":"b"');
    const moved = lines.splice(10_000, 1);
    lines.splice(190_000, 0, ...moved);
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    expect(bytes.length).toBeGreaterThan(64 * 1024 * 1024);
    const log = temp('large.jsonl', bytes);
    const [two] = jsonLines(run(['verify', '--json', '--threads', '2', log]));
    expect(two.problems.map(({ code, line }: Problem) => `${code}@${line}`)).toEqual([
      'out-of-order@10001',
      'hash-mismatch@150000',
      'out-of-order@190001',
      'out-of-order@190002',
    ]);
    expect(two).toMatchObject({
      verdict: 'tampered',
      records: 200_000,
      referenceVerifier: { verdict: 'failed', line: 10_001 },
    });
    expect(two.problems).toEqual(
      expect.arrayContaining(verifySegments(formatById('occasio'), hasher, [bytes]).problems),
    );
    expect(jsonLines(run(['verify', '--json', '--threads', '1', log]))).toEqual([two]);
    const piped = run(['verify', '--json', '-'], bytes);
    expect(jsonLines(piped)).toEqual([{ ...two, file: '-', files: [{ ...two.files[0], file: '-' }] }]);
    expect(piped.stderr).toBe('');
  });
});

describe('inspect', () => {
  it('shows what a log holds, broken or not', () => {
    const ran = run(['inspect', '--json', sample('arbiter/valid'), sample('arbiter/tampered')]);
    const [valid, tampered] = jsonLines(ran);
    expect(valid).toMatchObject({
      format: 'arbiter',
      lines: 220,
      records: 220,
      chainedRecords: 220,
      validRecords: 220,
      headRecord: 219,
      headSequence: 220,
    });
    expect(tampered).toMatchObject({ records: 220, validRecords: 219 });
    expect(ran.status).toBe(0);
    expect(run(['inspect', sample('arbiter/valid')]).stdout).toContain('220, 220 of them chained');
    expect(run(['inspect', 'missing.jsonl']).status).toBe(2);
  });
});

describe('formats', () => {
  it('lists every format', () => {
    expect(jsonLines(run(['formats', '--json'])).map(({ id }) => id)).toEqual(FORMATS.map(({ id }) => id));
    for (const { label } of FORMATS) expect(run(['formats']).stdout).toContain(label);
  });
});

describe('repair', () => {
  it('writes a copy without the torn tail and leaves the log as it is', () => {
    const torn = fixture('occasio', 'truncated-tail');
    const log = temp('torn.jsonl', torn);
    const dry = run(['repair', '--dry-run', log]);
    expect(dry.stdout).toContain('The copy leaves out the last 771 bytes, from byte 157,475 on line 228 to the end');
    const ran = run(['repair', '--json', log]);
    const copy = path.join(folder, 'torn.repaired.jsonl');
    expect(jsonLines(ran)).toEqual([
      {
        file: log,
        format: 'occasio',
        removed: { byteOffset: 157_475, sizeBytes: 771, line: 228, sha256: hasher.sha256(torn.subarray(157_475)) },
        copy: { file: copy, bytes: 157_475, sha256: hasher.sha256(torn.subarray(0, 157_475)) },
      },
    ]);
    expect(readFileSync(log)).toEqual(torn);
    expect(readFileSync(copy)).toEqual(torn.subarray(0, 157_475));
    expect(run(['verify', copy]).status).toBe(0);
    expect(run(['repair', log])).toMatchObject({ status: 2, stderr: expect.stringContaining('is there already') });
    expect(run(['repair', '-o', 'mine.jsonl', log]).status).toBe(0);
  });

  it('has nothing to do for a log that ends as it should', () => {
    const ran = run(['repair', sample('occasio/tampered')]);
    expect(ran.stdout).toContain('there is nothing to cut off');
    expect(ran.status).toBe(0);
  });
});
