import { type SerdeFloats, serdeText } from '../../json/serde-text';
import type { JsonNode } from '../../json/tree';

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
 * The record as serde_json writes it, without its own hash: members in declaration order, keys of maps by code point. Null when it holds
 * a member the struct does not have, or one twice: then no writer's form is known.
 */
export function arbiterText(tree: JsonNode, floats: SerdeFloats): string | null {
  if (tree.kind !== 'object') return null;
  const members = tree.members.filter(({ key }) => key !== 'chain_record_hash');
  if (new Set(members.map(({ key }) => key)).size !== members.length || members.some(({ key }) => !ORDER.includes(key)))
    return null;
  const sorted = members.toSorted((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key));
  return `{${sorted.map(({ key, value }) => `${JSON.stringify(key)}:${serdeText(value, floats)}`).join(',')}}`;
}
