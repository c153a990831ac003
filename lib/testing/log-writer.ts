import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process that writes a genuine Occasio log, some records a millisecond, with torn writes, and rotates it:
 * `log-writer <log> <rotation> <records in all> <records a file>`. All it wrote lies in `<log's folder>/../truth` in the end. Ends early on SIGTERM.
 */
const [log = '', rotation = 'none', total = '0', each = '0'] = process.argv.slice(2);
const truth = path.join(path.dirname(log), '..', 'truth');
mkdirSync(path.dirname(log), { recursive: true });

const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());

let prev = '0'.repeat(64);
for (let n = 0; n < Number(total) && !ending.signal.aborted; n += 1) {
  if (n > 0 && Number(each) > 0 && n % Number(each) === 0) rotate(n / Number(each));
  const covered = {
    audit_schema: 1,
    ts: new Date(Date.UTC(2026, 4, 11) + n * 1000).toISOString(),
    event_id: `w-${n}`,
    session_id: 'w',
    run_id: 'w',
    agent: 'writer',
    protocol: 'mcp',
    direction: 'inbound',
    kind: 'tool_call',
    tool_name: 'grep',
    tool_inputs: { path: `/srv/${'x'.repeat(n % 400)}` },
    action: 'PASS',
    reason: 'allowed',
    policy_source: 'user',
    result_kind: 'pass',
    prev_hash: prev,
  };
  prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
  const line = `${JSON.stringify({ ...covered, hash: prev })}\n`;
  appendFileSync(truth, line);
  if (n % 7 === 0) {
    appendFileSync(log, line.slice(0, 100));
    await sleep(3);
    appendFileSync(log, line.slice(100));
  } else appendFileSync(log, line);
  if (n % 5 === 0) await sleep(1);
}

function rotate(count: number): void {
  if (rotation === 'time') {
    renameSync(
      log,
      `${log}.${new Date(Date.UTC(2026, 7, 15) + count * 1000)
        .toISOString()
        .replace(/[-:]/g, '')
        .replace(/\.\d+Z/, '.000000000Z')}`,
    );
    return;
  }
  // All of them are kept: a forwarder that is slow to start has lost nothing.
  for (let age = count - 1; age >= 1; age -= 1)
    if (existsSync(`${log}.${age}`)) renameSync(`${log}.${age}`, `${log}.${age + 1}`);
  if (rotation === 'rename') {
    renameSync(log, `${log}.1`);
    writeFileSync(log, '');
  } else if (rotation === 'copytruncate') {
    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
  }
}

writeFileSync(`${truth}.sha256`, createHash('sha256').update(readFileSync(truth)).digest('hex'));
