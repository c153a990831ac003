import type { ToolStatement } from '../../chain/tool-statement';
import { compared } from '../../checks/compared';
import { type AgentAttestation, agentAttestation } from '../../statements/predicates/agent-attestation';
import type { Statement } from '../../statements/statement';

/** Occasio's statement on a run, which is in a log of many. */
export function occasioStatement(statement: Statement): ToolStatement | null {
  const predicate = agentAttestation.read(statement);
  if (!predicate) return null;
  const { audit_chain: chain, subject } = predicate;
  return {
    subject: compared('tool-subject-hash', chain.last_hash, statement.subject[0]?.digest.sha256 ?? null),
    log: { unit: 'run', id: subject.run_id, count: chain.event_count, noun: 'record', file: chain.chain_file },
    watch: () => watchRun(predicate),
  };
}

function watchRun({
  audit_chain: chain,
  execution_summary: summary,
  subject,
}: AgentAttestation): ReturnType<ToolStatement['watch']> {
  const run = { events: 0, toolCalls: 0, blocked: 0 };
  let firstHash: string | null = null;
  let lastHash: string | null = null;
  return {
    see({ run_id: runId, hash, kind, action }) {
      if (runId !== subject.run_id) return;
      lastHash = typeof hash === 'string' ? hash : null;
      if (run.events === 0) firstHash = lastHash;
      run.events += 1;
      if (kind !== 'tool_call') return;
      run.toolCalls += 1;
      if (action === 'BLOCK') run.blocked += 1;
    },
    end: () => ({
      fit: lastHash === chain.last_hash ? Infinity : run.events,
      checks: [
        compared('run-records', chain.event_count, run.events),
        compared('run-first-hash', chain.first_hash, firstHash),
        compared('run-last-hash', chain.last_hash, lastHash),
        compared('run-tool-calls', summary.tool_calls, run.toolCalls),
        compared('run-blocked', summary.blocked, run.blocked),
      ],
    }),
  };
}
