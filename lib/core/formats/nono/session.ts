import * as z from 'zod';
import type { Hasher } from '../../chain/format';
import { type JsonNode, readTree } from '../../json/tree';
import { MAX_EVENT_DEPTH, COMMAND_SUMMARY, NETWORK, type Shape, structText } from './event';

const encoder = new TextEncoder();
const SESSION_DOMAIN = encoder.encode('nono.audit.session-digest.alpha\n');
const Digest = z.lazy(() =>
  z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .transform((hex) => hex.toLowerCase()),
);

/** What `session.json` says of the log beside it. */
export const NonoSession = z.lazy(() =>
  z.object({
    session_id: z.string(),
    started: z.string(),
    ended: z.string().nullish(),
    audit_event_count: z.int().nonnegative(),
    audit_integrity: z
      .object({
        hash_algorithm: z.literal('sha256'),
        event_count: z.int().nonnegative(),
        chain_head: Digest,
        merkle_root: Digest,
      })
      .nullish(),
    audit_attestation: z
      .object({ predicate_type: z.string(), key_id: z.string(), public_key: z.string(), bundle_filename: z.string() })
      .nullish(),
  }),
);
export type NonoSession = z.infer<typeof NonoSession>;

const a = (...names: string[]): Shape => names.map((name) => [name, 'always'] as const);
const n = (...names: string[]): Shape => names.map((name) => [name, 'nullable'] as const);

const SESSION: Shape = [
  ...a('session_id', 'started'),
  ...n('ended'),
  ...a('command'),
  ['executable_identity', 'nullable', a('resolved_path', 'sha256')],
  ...a('tracked_paths', 'snapshot_count'),
  ...n('exit_code'),
  ...a('merkle_roots'),
  ['network_events', 'always', NETWORK],
  ...a('audit_event_count'),
  ['audit_integrity', 'nullable', a('hash_algorithm', 'event_count', 'chain_head', 'merkle_root')],
  ['audit_attestation', 'nullable', a('predicate_type', 'key_id', 'public_key', 'bundle_filename')],
  ['command_policy_summary', 'omitted', COMMAND_SUMMARY],
];

/** The digest of a session, as the ledger records it, from the text of `session.json`; null for a text that is none. */
export function sessionDigest(hasher: Hasher, text: string): string | null {
  const tree = parsed(text);
  const payload = tree && structText(withPathsAsBytes(tree), SESSION);
  return payload === null ? null : hasher.sha256(SESSION_DOMAIN, encoder.encode(payload));
}

/** Paths go into the digest as lists of their bytes. */
function withPathsAsBytes(tree: JsonNode): JsonNode {
  if (tree.kind !== 'object') return tree;
  const members = tree.members.map((member) => {
    if (member.key === 'tracked_paths' && member.value.kind === 'array')
      return { ...member, value: { kind: 'array' as const, items: member.value.items.map(bytesOf) } };
    if (member.key !== 'executable_identity' || member.value.kind !== 'object') return member;
    const inner = member.value.members.map((part) =>
      part.key === 'resolved_path' ? { ...part, value: bytesOf(part.value) } : part,
    );
    return { ...member, value: { kind: 'object' as const, members: inner } };
  });
  return { kind: 'object', members };
}

function bytesOf(node: JsonNode): JsonNode {
  if (node.kind !== 'string') return node;
  return {
    kind: 'array',
    items: [...encoder.encode(node.value)].map((byte) => ({ kind: 'literal', raw: String(byte) })),
  };
}

function parsed(text: string): JsonNode | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return readTree(text, MAX_EVENT_DEPTH);
}
