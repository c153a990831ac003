import { createHash, randomUUID } from 'node:crypto';
import { type Page, expect } from '@playwright/test';
import { sealtrail } from './installation';

type Listed = { total: number; items: { id: string; status: string; verdict: string | null }[] };

/** A genuine log of Occasio in which each of some sessions is refused six times in a row. */
function refusals(run: string, sessions: number): Buffer {
  let prev = '0'.repeat(64);
  const lines = Array.from({ length: sessions * 6 }, (_, n) => {
    const covered = {
      audit_schema: 1,
      ts: new Date(Date.UTC(2026, 4, 14) + n * 1000).toISOString(),
      event_id: `${run}-${n}`,
      session_id: `${run}-${Math.floor(n / 6)}`,
      agent: 'e2e',
      kind: 'tool_call',
      tool_name: n % 2 ? 'drop_table' : 'delete_customer',
      tool_inputs: { path: `/srv/${n}` },
      action: 'BLOCK',
      block_reason: 'policy',
      prev_hash: prev,
    };
    prev = createHash('sha256').update(JSON.stringify(covered)).digest('hex');
    return `${JSON.stringify({ ...covered, hash: prev })}\n`;
  });
  return Buffer.from(lines.join(''));
}

/** A chain of its own with findings, and how many findings there are of it. */
export async function chainWithFindings(page: Page, sessions: number) {
  const run = `triage-${randomUUID().slice(0, 8)}`;
  const token = await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'triage test');
  const sent = await page.request.put(`/api/v1/uploads/${run}.jsonl?chain=${run}`, {
    headers: { Authorization: `Bearer ${token}` },
    data: refusals(run, sessions),
  });
  const { chainId } = (await sent.json()) as { chainId: string }; // an API of ours
  const listed = async (status: string) =>
    (await (await page.request.get(`/api/v1/findings?chainId=${chainId}&status=${status}`)).json()) as Listed; // an API of ours
  await expect.poll(async () => (await listed('new')).total, { timeout: 90_000 }).toBeGreaterThanOrEqual(sessions);
  return { chainId, listed };
}
