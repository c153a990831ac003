import type { JsonNode } from '../json/tree';

/** Members of an Arbiter record in the order its struct declares them, which is the order they are written in. */
const ORDER = [
  'timestamp',
  'request_id',
  'agent_id',
  'delegation_chain',
  'task_session_id',
  'tool_called',
  'arguments',
  'authorization_decision',
  'policy_matched',
  'anomaly_flags',
  'failure_category',
  'latency_ms',
  'upstream_status',
  'inspection_findings',
  'chain_sequence',
  'chain_prev_hash',
];

/**
 * The record as serde_json writes it, without its own hash: members in declaration order, keys of maps by code point, numbers as
 * they stand in the text. Null when it holds a member the struct does not have, or one twice: then no writer's form is known.
 */
export function arbiterText(tree: JsonNode): string | null {
  if (tree.kind !== 'object') return null;
  const members = tree.members.filter(({ key }) => key !== 'chain_record_hash');
  if (new Set(members.map(({ key }) => key)).size !== members.length || members.some(({ key }) => !ORDER.includes(key))) return null;
  const sorted = members.toSorted((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key));
  return `{${sorted.map(({ key, value }) => `${JSON.stringify(key)}:${write(value)}`).join(',')}}`;
}

function write(node: JsonNode): string {
  switch (node.kind) {
    case 'object': {
      const last = new Map(node.members.map(({ key, value }) => [key, value]));
      const keys = [...last.entries()].toSorted(([a], [b]) => byCodePoint(a, b));
      return `{${keys.map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`).join(',')}}`;
    }
    case 'array':
      return `[${node.items.map(write).join(',')}]`;
    case 'string':
      return JSON.stringify(node.value);
    default:
      return node.raw;
  }
}

/** The order of UTF-8 bytes, which is not the order of UTF-16 units. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
