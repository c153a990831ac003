import { createHash } from 'node:crypto';

/** Who acts, and when the first record was written; one follows each second. */
type LogOf = { agent?: string; from?: Date };

/**
 * A time that no other log of the tests is of: rules look at what lies around what is new, and would look at a large log with every small one
 * that is sent later.
 */
export function apart(year: number): Date {
  return new Date(Date.UTC(year, 4, 11));
}

/** A log in Occasio's format that grows: each call gives the next lines, chained to those before. */
export function occasioWriter(
  run: string,
  { agent = 'e2e', from = new Date(Date.UTC(2026, 4, 11)) }: LogOf = {},
): (records: number) => Buffer {
  let prev = '0'.repeat(64);
  let written = 0;
  return (records) => {
    const lines: string[] = [];
    for (const end = written + records; written < end; written += 1) {
      const covered = {
        audit_schema: 1,
        ts: new Date(from.getTime() + written * 1000).toISOString(),
        event_id: `${run}-${written}`,
        session_id: run,
        run_id: run,
        agent,
        kind: 'tool_call',
        tool_name: 'grep',
        tool_inputs: { path: `/srv/${written}` },
        action: 'PASS',
        prev_hash: prev,
      };
      prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
      lines.push(JSON.stringify({ ...covered, hash: prev }));
    }
    return Buffer.from(`${lines.join('\n')}\n`);
  };
}

/** A whole log of so many records. */
export function occasioLog(run: string, records: number, of?: LogOf): Buffer {
  return occasioWriter(run, of)(records);
}
