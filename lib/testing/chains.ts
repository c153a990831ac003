import fc from 'fast-check';
import type { ChainFormat, FormatId, Hasher } from '../core/chain/format';
import { arbiter } from '../core/formats/arbiter';
import { occasio } from '../core/formats/occasio';

/** What a record says, apart from its place in a chain. */
export type Content = { tool: string; decision: 'allow' | 'deny'; note: string };

/** A genuine chain as its writer would append it, a line a record. `start` continues an earlier one. */
export type Writer = { format: ChainFormat; write(contents: readonly Content[], start?: { prev: string; sequence: number }): string[] };

/** Content of records; every one is told from the others by its note. */
export const contents = (min: number, max: number) =>
  fc
    .array(fc.record({ tool: fc.constantFrom('bash', 'read_file', 'naïve "🤖"'), decision: fc.constantFrom('allow' as const, 'deny' as const), note: fc.string({ unit: 'grapheme', maxLength: 12 }) }), { minLength: min, maxLength: max })
    .map((list) => list.map((content, index) => ({ ...content, note: `${index} ${content.note}` })));

export function writers(hasher: Hasher): Record<FormatId, Writer> {
  return {
    occasio: {
      format: occasio,
      write: (list, { prev } = { prev: occasio.genesis, sequence: 0 }) => {
        let head = prev;
        return list.map(({ tool, decision, note }, index) => {
          const record = { audit_schema: 1, ts: time(index), event_id: note, agent: 'a', kind: 'tool_call', tool_name: tool, action: decision === 'deny' ? 'BLOCK' : 'PASS', prev_hash: head };
          head = hasher.sha256(utf8(JSON.stringify(record)));
          return JSON.stringify({ ...record, hash: head });
        });
      },
    },
    arbiter: {
      format: arbiter,
      write: (list, { prev, sequence } = { prev: arbiter.genesis, sequence: 1 }) => {
        let head = prev;
        return list.map(({ tool, decision, note }, index) => {
          const record = { timestamp: time(index), request_id: note, agent_id: 'a', delegation_chain: '', task_session_id: 's', tool_called: tool, arguments: { path: note }, authorization_decision: decision, policy_matched: null, anomaly_flags: [], latency_ms: 1, upstream_status: null, chain_sequence: sequence + index, chain_prev_hash: head };
          head = hasher.blake3(utf8(JSON.stringify(record)));
          return JSON.stringify({ ...record, chain_record_hash: head });
        });
      },
    },
  };
}

/** Lines as a file. */
export function toBytes(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

export function hashOf(line: string | undefined): string {
  return /"(?:chain_record_)?hash":"([^"]*)"}$/.exec(line ?? '')?.[1] ?? '';
}

function time(index: number): string {
  return new Date(Date.UTC(2026, 4, 11, 8) + index * 1000).toISOString();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
