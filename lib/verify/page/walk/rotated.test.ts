import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { statementPayload } from '../../../core/statements/dsse';
import { reportOn, titlesOf } from '../../../testing/ask-verifier';
import { chainStatement } from '../../../testing/chain-statement';
import { fixture } from '../../../testing/fixtures';
import { testSigner } from '../../../testing/sign';

const LOG = fixture('occasio', 'valid');
const at = (part: number) => LOG.indexOf('\n', LOG.length * part) + 1;
const [OLD, MIDDLE, NEW] = [LOG.subarray(0, at(0.3)), LOG.subarray(at(0.3), at(0.7)), LOG.subarray(at(0.7))] as const;
const signer = testSigner();
const signed = async (statement: object) => JSON.stringify(await signer.signBundle(statementPayload(statement)));

describe('files rotation made of one log', () => {
  it('are one chain, in whatever order they come', async () => {
    const report = await reportOn({ 'audit.jsonl.1': MIDDLE, 'audit.jsonl': NEW, 'audit.jsonl.2': OLD });
    expect(report.logs).toMatchObject([
      {
        files: ['audit.jsonl.2', 'audit.jsonl.1', 'audit.jsonl'],
        state: { verdict: 'verified', continues: false, records: 228 },
      },
    ]);
  });

  it('with one of them missing have a break where it was', async () => {
    const report = await reportOn({ 'audit.jsonl': NEW, 'audit.jsonl.2': OLD });
    expect(report).toMatchObject({
      outcome: 'fails',
      logs: [{ files: ['audit.jsonl.2', 'audit.jsonl'], state: { verdict: 'gap' } }],
    });
  });

  it('of which one cannot be read are not called a chain with a gap', async () => {
    const report = await reportOn({
      'audit.jsonl': NEW,
      'audit.jsonl.1.gz': gzipSync(Buffer.concat(Array.from({ length: 8 }, () => MIDDLE))).subarray(0, -400),
      'audit.jsonl.2': OLD,
    });
    expect(
      report.logs.map(({ files, state }) => [files.join(), state.kind === 'walked' ? state.verdict : state.kind]),
    ).toEqual([
      ['audit.jsonl.2', 'verified'],
      ['audit.jsonl.1.gz', 'failed'],
      ['audit.jsonl', 'verified'],
    ]);
  });

  it('are held against a statement on their chain, however it was cut into segments', async () => {
    const statement = await signed(await chainStatement('occasio', [LOG.subarray(0, at(0.5)), LOG.subarray(at(0.5))]));
    const files = {
      'audit.jsonl': NEW,
      'audit.jsonl.1': MIDDLE,
      'audit.jsonl.2': OLD,
      'b.json': statement,
      'key.pem': signer.key.publicKeyPem,
    };
    const report = await reportOn(files);
    expect(report).toMatchObject({ outcome: 'holds', logs: [{ state: { records: 228 } }] });
    const changed = Buffer.from(MIDDLE);
    changed.write('X', changed.indexOf('"tool_name"') + 13);
    expect(titlesOf(await reportOn({ ...files, 'audit.jsonl.1': changed }), 'failed')).toEqual([
      'These are the bytes it covers',
    ]);
  });

  it('are held against a statement that names no tree by the bytes of its segments', async () => {
    const { predicate, ...statement } = await chainStatement('occasio', [
      LOG.subarray(0, at(0.5)),
      LOG.subarray(at(0.5)),
    ]);
    const bundle = await signed({ ...statement, predicate: { ...predicate, tree: undefined } });
    const files = {
      'audit.jsonl': NEW,
      'audit.jsonl.1': MIDDLE,
      'audit.jsonl.2': OLD,
      'b.json': bundle,
      'key.pem': signer.key.publicKeyPem,
    };
    expect(await reportOn(files)).toMatchObject({ outcome: 'holds', logs: [{ state: { records: 228 } }] });
    expect(
      await reportOn({
        ...files,
        'audit.jsonl.1': MIDDLE.subarray(0, MIDDLE.lastIndexOf('\n', MIDDLE.length - 2) + 1),
      }),
    ).toMatchObject({ outcome: 'fails' });
  });

  it('are held against a statement made before they grew', async () => {
    const statement = await signed(await chainStatement('occasio', [LOG.subarray(0, at(0.5))]));
    const report = await reportOn({
      'audit.jsonl': NEW,
      'audit.jsonl.1': MIDDLE,
      'audit.jsonl.2': OLD,
      'b.json': statement,
      'key.pem': signer.key.publicKeyPem,
    });
    expect(titlesOf(report, 'failed')).toEqual([]);
    expect(titlesOf(report, 'passed')).toEqual(
      expect.arrayContaining(['These are the bytes it covers', 'Records', 'Hash of the last record', 'Verdict']),
    );
  });

  it('are logs by themselves where each begins a chain, or where they are of other formats or folders', async () => {
    expect((await reportOn({ 'audit.jsonl': LOG, 'audit.jsonl.1': LOG })).logs).toHaveLength(2);
    expect((await reportOn({ 'audit.jsonl': fixture('nono', 'valid'), 'audit.jsonl.1': LOG })).logs).toHaveLength(2);
    expect(
      (await reportOn({ 'a/audit.jsonl': NEW, 'b/audit.jsonl.1': Buffer.concat([OLD, MIDDLE]) })).logs,
    ).toHaveLength(2);
  });

  it('of a tool that begins a chain in each file are one log', async () => {
    const report = await reportOn({
      'audit.jsonl.20260815T000010.000000000Z': fixture('agentfence', 'rotated-older'),
      'audit.jsonl': fixture('agentfence', 'rotated'),
    });
    expect(report.logs).toMatchObject([
      { files: ['audit.jsonl.20260815T000010.000000000Z', 'audit.jsonl'], state: { verdict: 'restarted' } },
    ]);
  });
});
