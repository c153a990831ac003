import { type AgentAttestation, AgentAttestation as Predicate } from '../../core/statements/predicates/agent-attestation';
import type { Statement } from '../../core/statements/statement';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { eachObject } from '../walk/each-object';
import { compared } from './compared';

type Run = { events: number; firstHash: string | null; lastHash: string | null; toolCalls: number; blocked: number };

/** Holds Occasio's statement on a run against the log the run is in. Null when it is another statement. */
export async function compareOccasio(statement: Statement, logs: readonly Item[]): Promise<{ rows: Row[]; logs: Item[] } | null> {
  const predicate = Predicate.safeParse(statement.predicate).data;
  if (!predicate) return null;
  const { audit_chain: chain, subject } = predicate;
  const named = compared('tool-subject-hash', chain.last_hash, statement.subject[0]?.digest.sha256 ?? null);
  const ofFormat = logs.filter(({ walk }) => walk?.format === 'occasio');
  if (ofFormat.length === 0) return { rows: [named, { step: 'tool-log', status: 'skipped', reason: { code: 'tool-log-not-here', unit: 'run', id: subject.run_id, count: chain.event_count, noun: 'record', file: chain.chain_file } }], logs: [] };
  const runs = await Promise.all(ofFormat.map(async (item) => ({ item, run: await runIn(item, subject.run_id) })));
  const mine = runs.find(({ run }) => run.lastHash === chain.last_hash) ?? runs.toSorted((a, b) => b.run.events - a.run.events)[0];
  return mine ? { rows: [named, ...rowsOf(predicate, mine.run)], logs: [mine.item] } : null;
}

function rowsOf({ audit_chain: chain, execution_summary: summary }: AgentAttestation, run: Run): Row[] {
  return [
    compared('run-records', chain.event_count, run.events),
    compared('run-first-hash', chain.first_hash, run.firstHash),
    compared('run-last-hash', chain.last_hash, run.lastHash),
    compared('run-tool-calls', summary.tool_calls, run.toolCalls),
    compared('run-blocked', summary.blocked, run.blocked),
  ];
}

async function runIn({ plain }: Item, id: string): Promise<Run> {
  const run: Run = { events: 0, firstHash: null, lastHash: null, toolCalls: 0, blocked: 0 };
  if (!plain) return run;
  await eachObject(plain, ({ run_id: runId, hash, kind, action }) => {
    if (runId !== id) return;
    const own = typeof hash === 'string' ? hash : null;
    if (run.events === 0) run.firstHash = own;
    run.lastHash = own;
    run.events += 1;
    if (kind !== 'tool_call') return;
    run.toolCalls += 1;
    if (action === 'BLOCK') run.blocked += 1;
  });
  return run;
}
