import { describe, expect, it } from 'vitest';
import { planArchive } from './archive-plan';

const plan = (paths: string[], chain: string | null = null) =>
  planArchive(paths, { archiveName: 'export.tar.gz', chain });
const logs = (paths: string[], chain: string | null = null) =>
  plan(paths, chain).logs.map(({ chain: name, paths: files }) => [name, ...files]);

describe('planArchive', () => {
  it('makes each log a chain of its own path', () => {
    expect(logs(['a.jsonl', 'team/b.jsonl'])).toEqual([
      ['a.jsonl', 'a.jsonl'],
      ['team/b.jsonl', 'team/b.jsonl'],
    ]);
  });

  it('joins a rotated set by the times in its names, the log itself last', () => {
    expect(
      logs([
        'x/a.jsonl',
        'x/a.jsonl.20260816T000000.5Z',
        'x/a.jsonl.20260815T000010.000000000Z.2',
        'x/a.jsonl.20260815T000010.000000000Z',
        'x/a.jsonl.20260815T000010.000000000Z.10.gz',
      ]),
    ).toEqual([
      [
        'x/a.jsonl',
        'x/a.jsonl.20260815T000010.000000000Z',
        'x/a.jsonl.20260815T000010.000000000Z.2',
        'x/a.jsonl.20260815T000010.000000000Z.10.gz',
        'x/a.jsonl.20260816T000000.5Z',
        'x/a.jsonl',
      ],
    ]);
  });

  it('joins a numbered set from the highest number down', () => {
    expect(logs(['a.log.10.gz', 'a.log', 'a.log.2', 'a.log.1'])).toEqual([
      ['a.log', 'a.log.10.gz', 'a.log.2', 'a.log.1', 'a.log'],
    ]);
  });

  it('joins what logrotate names by date, behind the name or before its ending', () => {
    expect(logs(['a.jsonl-20260602.gz', 'a.jsonl', 'a.jsonl-20260601'])).toEqual([
      ['a.jsonl', 'a.jsonl-20260601', 'a.jsonl-20260602.gz', 'a.jsonl'],
    ]);
    expect(logs(['d/a-20260602.jsonl', 'd/a.jsonl', 'd/a-2026060112.jsonl.gz'])).toEqual([
      ['d/a.jsonl', 'd/a-2026060112.jsonl.gz', 'd/a-20260602.jsonl', 'd/a.jsonl'],
    ]);
    expect(logs(['a.jsonl.20260815T000010.000000000Z'])).toEqual([['a.jsonl', 'a.jsonl.20260815T000010.000000000Z']]);
  });

  it('does not join logs of several days whose common name no log bears', () => {
    const days = ['report-20260601.jsonl', 'report-20260602.jsonl', 'x/report.jsonl'];
    expect(logs(days)).toEqual(days.map((name) => [name, name]));
  });

  it('leaves a packed copy of a file in the set by itself', () => {
    expect(logs(['a.log', 'a.log.1', 'a.log.1.gz', 'a.log.2.gz'])).toEqual([
      ['a.log', 'a.log.2.gz', 'a.log.1', 'a.log'],
      ['a.log.1.gz', 'a.log.1.gz'],
    ]);
  });

  it('takes a number for a part of the name when nothing stands beside it', () => {
    expect(logs(['release.1', 'b.jsonl'])).toEqual([
      ['release.1', 'release.1'],
      ['b.jsonl', 'b.jsonl'],
    ]);
  });

  it('knows the log of a nono session by its folder, or by the archive', () => {
    expect(logs(['audit/20260815-1/audit-events.ndjson', 'audit/20260815-1/session.json'])).toEqual([
      ['audit/20260815-1', 'audit/20260815-1/audit-events.ndjson'],
    ]);
    expect(logs(['audit-events.ndjson'])).toEqual([['export', 'audit-events.ndjson']]);
    expect(
      plan(['s/audit-events.ndjson', 's/session.json', 's/audit-attestation.bundle', 'ledger.ndjson']).sidecarFiles,
    ).toEqual(['s/session.json', 's/audit-attestation.bundle', 'ledger.ndjson']);
  });

  it('names the only log as asked, and puts the name before those of several', () => {
    expect(logs(['deep/a.jsonl', 'deep/a.json'], 'mine').map(([name]) => name)).toEqual(['mine']);
    expect(logs(['a.jsonl', 'b.jsonl'], 'mine').map(([name]) => name)).toEqual(['mine/a.jsonl', 'mine/b.jsonl']);
  });

  it('says why it leaves files out', () => {
    expect(plan(['__MACOSX/._a.jsonl', 'x/.DS_Store', 'inner.zip', 'inner.tar.gz']).skipped).toEqual([
      { path: '__MACOSX/._a.jsonl', reason: 'it is no log' },
      { path: 'x/.DS_Store', reason: 'it is no log' },
      { path: 'inner.zip', reason: 'an archive inside an archive is not opened' },
      { path: 'inner.tar.gz', reason: 'an archive inside an archive is not opened' },
    ]);
  });
});
