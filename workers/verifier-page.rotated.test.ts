import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { fixture } from '@/lib/testing/fixtures';
import { reportOn } from '@/lib/testing/ask-verifier';
import { findLogs } from '@/lib/verify/local/find-logs';
import { verifyLogs } from '@/lib/verify/local/verify-logs';

const LOG = fixture('occasio', 'valid');
const at = (part: number) => LOG.indexOf('\n', LOG.length * part) + 1;
const [OLD, MIDDLE, NEW] = [LOG.subarray(0, at(0.3)), LOG.subarray(at(0.3), at(0.7)), LOG.subarray(at(0.7))] as const;
const changed = Buffer.from(MIDDLE);
changed.write('X', changed.indexOf('"tool_name"') + 13);

type Reported = { files: string[]; verdict: string; records: number; problems: Record<string, number> };
const inOrder = (reported: Reported[]) => reported.toSorted((a, b) => (a.files.join('+') < b.files.join('+') ? -1 : 1));

async function onPage(files: Record<string, Buffer>): Promise<Reported[]> {
  const { logs } = await reportOn(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [`set/${name}`, content])),
  );
  return inOrder(
    logs.flatMap(({ files: names, state }) =>
      state.kind === 'walked'
        ? [{ files: names, verdict: state.verdict, records: state.records, problems: state.problemCounts }]
        : [],
    ),
  );
}

async function onCommandLine(files: Record<string, Buffer>): Promise<Reported[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-rotated-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    const { outcomes } = await verifyLogs(await findLogs([folder]), {
      threads: 0,
      stdin: (async function* () {})(),
      referenceVerifier: 'small',
    });
    const reported: Reported[] = [];
    for await (const outcome of outcomes) {
      if ('failure' in outcome) throw new Error(outcome.failure);
      const { verdict, records, problemCounts } = outcome.log;
      reported.push({
        files: outcome.files.map((file) => path.relative(folder, file)),
        verdict,
        records,
        problems: problemCounts,
      });
    }
    return inOrder(reported);
  } finally {
    await rm(folder, { recursive: true });
  }
}

it.each<[string, Record<string, Buffer>, number]>([
  ['numbered', { 'a.jsonl': NEW, 'a.jsonl.1': MIDDLE, 'a.jsonl.2': OLD }, 1],
  ['compressed', { 'a.jsonl': NEW, 'a.jsonl.1': MIDDLE, 'a.jsonl.2.gz': gzipSync(OLD) }, 1],
  [
    'by time',
    { 'a.jsonl': NEW, 'a.jsonl.20260815T000010.000000000Z': OLD, 'a.jsonl.20260815T000010.000000000Z.1': MIDDLE },
    1,
  ],
  ['with one missing', { 'a.jsonl': NEW, 'a.jsonl.2': OLD }, 1],
  ['with one changed', { 'a.jsonl': NEW, 'a.jsonl.1': changed, 'a.jsonl.2': OLD }, 1],
  ['with a packed copy', { 'a.jsonl': NEW, 'a.jsonl.1': MIDDLE, 'a.jsonl.2': OLD, 'a.jsonl.2.gz': gzipSync(OLD) }, 2],
  ['each a chain of its own', { 'a.jsonl': LOG, 'a.jsonl.1': LOG }, 2],
  ['in two folders', { 'x/a.jsonl': NEW, 'x/a.jsonl.1': Buffer.concat([OLD, MIDDLE]), 'y/a.jsonl': LOG }, 2],
  [
    'of a tool that begins a chain in each',
    {
      'a.jsonl.20260815T000010.000000000Z': fixture('agentfence', 'rotated-older'),
      'a.jsonl': fixture('agentfence', 'rotated'),
    },
    1,
  ],
])('the page and the command line say the same of a rotated log, %s', async (_, files, logs) => {
  const reported = await onPage(files);
  expect(reported).toHaveLength(logs);
  expect(reported).toEqual(await onCommandLine(files));
});
