import fc from 'fast-check';
import type { ChainFormat, FormatId, Hasher, SidecarKind } from '../core/chain/format';
import { agentfence } from '../core/formats/agentfence/format';
import { arbiter } from '../core/formats/arbiter/format';
import { nono } from '../core/formats/nono/format';
import { occasio } from '../core/formats/occasio/format';
import { vouch } from '../core/formats/vouch/format';

/** What a record says, apart from its place in a chain. */
export type Content = { tool: string; decision: 'allow' | 'deny'; note: string };

/** Formats that are written here; what every format does is in `format-contract.ts`. */
export type WrittenId = Extract<FormatId, 'occasio' | 'arbiter' | 'nono' | 'agentfence' | 'vouch'>;

/** A genuine chain as its writer would append it, a line a record. `start` continues an earlier one. */
export type Writer = {
  format: ChainFormat<WrittenId, SidecarKind>;
  write(contents: readonly Content[], start?: { prev: string; sequence: number }): string[];
};

/** Content of records; every one is told from the others by its note. */
export const contents = (min: number, max: number) =>
  fc
    .array(
      fc.record({
        tool: fc.constantFrom('bash', 'read_file', 'naïve "🤖"'),
        decision: fc.constantFrom('allow' as const, 'deny' as const),
        note: fc.string({ unit: 'grapheme', maxLength: 12 }),
      }),
      { minLength: min, maxLength: max },
    )
    .map((list) => list.map((content, index) => ({ ...content, note: `${index} ${content.note}` })));

export function writers(hasher: Hasher): Record<WrittenId, Writer> {
  return {
    occasio: { format: occasio, write: occasioWriter(hasher) },
    arbiter: { format: arbiter, write: arbiterWriter(hasher) },
    nono: { format: nono, write: nonoWriter(hasher) },
    agentfence: { format: agentfence, write: agentfenceWriter(hasher) },
    vouch: { format: vouch, write: vouchWriter(hasher) },
  };
}

function occasioWriter(hasher: Hasher): Writer['write'] {
  return (list, { prev } = { prev: occasio.genesis, sequence: 0 }) => {
    let head = prev;
    return list.map(({ tool, decision, note }, index) => {
      const record = {
        audit_schema: 1,
        ts: time(index),
        event_id: note,
        agent: 'a',
        kind: 'tool_call',
        tool_name: tool,
        action: decision === 'deny' ? 'BLOCK' : 'PASS',
        prev_hash: head,
      };
      head = hasher.sha256(utf8(JSON.stringify(record)));
      return JSON.stringify({ ...record, hash: head });
    });
  };
}

function arbiterWriter(hasher: Hasher): Writer['write'] {
  return (list, { prev, sequence } = { prev: arbiter.genesis, sequence: 1 }) => {
    let head = prev;
    return list.map(({ tool, decision, note }, index) => {
      const record = {
        timestamp: time(index),
        request_id: note,
        agent_id: 'a',
        delegation_chain: '',
        task_session_id: 's',
        tool_called: tool,
        arguments: { path: note },
        authorization_decision: decision,
        policy_matched: null,
        anomaly_flags: [],
        latency_ms: 1,
        upstream_status: null,
        chain_sequence: sequence + index,
        chain_prev_hash: head,
      };
      head = hasher.blake3(utf8(JSON.stringify(record)));
      return JSON.stringify({ ...record, chain_record_hash: head });
    });
  };
}

function nonoWriter(hasher: Hasher): Writer['write'] {
  return (list, { prev, sequence } = { prev: nono.genesis, sequence: 0 }) => {
    let head = prev === nono.genesis ? null : prev;
    return list.map(({ tool, decision, note }, index) => {
      const event = {
        type: 'command_policy',
        event: {
          timestamp: time(index),
          command: tool,
          caller: 'session',
          decision: decision === 'deny' ? 'denied' : 'allowed',
          reason: note,
          stdio_mode: 'pty',
          argv_hash: 'aa',
          env_name_hash: 'bb',
          cwd_hash: 'cc',
          argv_display: [tool],
          env_names_display: [],
          cwd_display: '/w',
          exit_code: null,
        },
      };
      const text = JSON.stringify(event);
      const leaf = hasher.sha256(utf8('nono.audit.event.alpha\n'), utf8(text));
      const chain = hasher.sha256(
        utf8('nono.audit.chain.alpha\n'),
        head === null ? new Uint8Array(32) : Buffer.from(head, 'hex'),
        Buffer.from(leaf, 'hex'),
      );
      const record = {
        sequence: sequence + index,
        prev_chain: head,
        leaf_hash: leaf,
        chain_hash: chain,
        event_json: text,
        event,
      };
      head = chain;
      return JSON.stringify(record);
    });
  };
}

function agentfenceWriter(hasher: Hasher): Writer['write'] {
  return (list, { prev, sequence } = { prev: agentfence.genesis, sequence: 1 }) => {
    let head = prev;
    return list.map(({ tool, decision, note }, index) => {
      const record = {
        schema_version: '5',
        session_id: 's',
        seq: sequence + index,
        timestamp: time(index),
        call_id: note,
        tool,
        decision,
        reason: 'r',
        arguments: { path: note },
        ...(head !== '' && { prev_hash: head }),
      };
      const text = html(JSON.stringify(record));
      head = hasher.sha256(utf8(text));
      return text.replace(/\}$/, `,"hash":"${head}"}`);
    });
  };
}

function vouchWriter(hasher: Hasher): Writer['write'] {
  return (list, { prev } = { prev: vouch.genesis, sequence: 0 }) => {
    let head = prev;
    return list.map(({ tool, decision, note }, index) => {
      const record = {
        actor: 'a',
        created_at: time(index),
        data: { note, tool },
        dry_run: false,
        event: decision === 'deny' ? 'proposal.claim.reject' : 'proposal.claim.approve',
        id: `i${index}`,
        kb_id: null,
        object_ids: [],
        prev_hash: head,
        reversible: true,
      };
      const text = ascii(JSON.stringify(record));
      head = hasher.sha256(utf8(record.prev_hash + text));
      return text.replace(',"id":"i', `,"hash":"${head}","id":"i`);
    });
  };
}

/** The member that holds a record's own hash. */
const HASH_KEY: Record<WrittenId, string> = {
  occasio: 'hash',
  arbiter: 'chain_record_hash',
  nono: 'chain_hash',
  agentfence: 'hash',
  vouch: 'hash',
};

/** The line without its own hash. */
export function bare(line: string | undefined): string {
  return (line ?? '').replace(OWN_HASH, (_, before: string, _hash: string, after: string) =>
    before === ',' && after === ',' ? ',' : '',
  );
}

const OWN_HASH = /(,)"(?:chain_record_hash|chain_hash|hash)":"([^"]*)"(,?)/;

/** The line, changed as it may be, with hashes that fit its bytes again: what a forger who knows the rule would write. */
export function resealed(hasher: Hasher, format: ChainFormat<WrittenId, SidecarKind>, line: string): string {
  const event = /^(\{"sequence":\d+,"prev_chain":("[^"]*"|null),).*?,"event":(.*)\}$/.exec(line);
  if (format.id === 'nono' && event) {
    const [, opening = '', prev = '', text = ''] = event;
    const leaf = hasher.sha256(utf8('nono.audit.event.alpha\n'), utf8(text));
    const chain = hasher.sha256(
      utf8('nono.audit.chain.alpha\n'),
      prev === 'null' ? new Uint8Array(32) : Buffer.from(prev.slice(1, -1), 'hex'),
      Buffer.from(leaf, 'hex'),
    );
    return `${opening}"leaf_hash":"${leaf}","chain_hash":"${chain}","event_json":${JSON.stringify(text)},"event":${text}}`;
  }
  const read = format.check(utf8(line), hasher);
  if (read.kind === 'record' && read.computed !== null)
    return line.replace(OWN_HASH, (member, _, hash: string) => member.replace(hash, read.computed ?? ''));
  // No record to any reader, but its bytes can be hashed all the same.
  const key = `"${HASH_KEY[format.id]}":"`;
  const covered = bare(line);
  const hash = hasher[format.hashAlgorithm](
    utf8(format.id === 'vouch' ? (/"prev_hash":"([^"]*)"/.exec(line)?.[1] ?? '') + covered : covered),
  );
  return line.replace(OWN_HASH, (member, _, own: string) =>
    member.includes(key) ? member.replace(own, hash) : member,
  );
}

/** Go escapes what HTML gives a meaning. */
function html(text: string): string {
  return text.replaceAll(/[<>&\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Python escapes what is not ASCII, and DEL. */
function ascii(text: string): string {
  return text.replaceAll(/[\u007F-\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Lines as a file. */
export function toBytes(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

export function hashOf(line: string | undefined): string {
  return OWN_HASH.exec(line ?? '')?.[2] ?? '';
}

function time(index: number): string {
  return new Date(Date.UTC(2026, 4, 11, 8) + index * 1000).toISOString();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
