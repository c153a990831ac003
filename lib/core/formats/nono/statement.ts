import * as z from 'zod';
import type { Hasher } from '../../chain/format';
import type { ToolStatement } from '../../chain/tool-statement';
import type { Check } from '../../checks/check';
import { compared } from '../../checks/compared';
import type { Statement } from '../../statements/statement';
import { createMerkleTree } from './merkle';

const SESSION_TYPE = 'https://nono.sh/attestation/audit-session/';
const Predicate = z.lazy(() =>
  z.object({
    session_id: z.string(),
    audit_log: z.object({ event_count: z.int().nonnegative(), chain_head: z.string(), merkle_root: z.string() }),
  }),
);
const DIGEST = /^[0-9a-f]{64}$/i;

/** nono's statement on a session: count, head and Merkle root of its log. */
export function nonoStatement({ predicateType, predicate, subject }: Statement, hasher: Hasher): ToolStatement | null {
  const { data } = Predicate.safeParse(predicate);
  if (!data || !predicateType.startsWith(SESSION_TYPE)) return null;
  const { event_count: count, chain_head: head, merkle_root: root } = data.audit_log;
  return {
    subject: compared('tool-subject-root', root, subject[0]?.digest.sha256 ?? null),
    log: { unit: 'session', id: data.session_id, count, noun: 'event', file: 'its audit-events.ndjson' },
    watch: () => watchHead({ count, head: head.toLowerCase(), root: root.toLowerCase() }, hasher),
  };
}

/** Head and root after so many events; what is there when there are fewer. */
function watchHead(
  stated: { count: number; head: string; root: string },
  hasher: Hasher,
): ReturnType<ToolStatement['watch']> {
  const tree = createMerkleTree(hasher);
  let records = 0;
  let head: string | null = null;
  let isWhole = true;
  return {
    see({ chain_hash: hash, leaf_hash: leafHash }) {
      records += 1;
      if (records > stated.count) return;
      head = typeof hash === 'string' ? hash.toLowerCase() : null;
      const leaf = typeof leafHash === 'string' && DIGEST.test(leafHash) ? leafHash.toLowerCase() : null;
      isWhole &&= leaf !== null;
      if (leaf) tree.add(leaf);
    },
    end() {
      const checks: Check[] = [
        compared('tool-events', stated.count, Math.min(stated.count, records)),
        compared('tool-head', stated.head, head),
        compared('tool-root', stated.root, isWhole ? tree.root() : null),
      ];
      if (records > stated.count)
        checks.push({
          step: 'tool-end',
          status: 'failed',
          reason: { code: 'more-follow', events: records - stated.count },
        });
      return { fit: head === stated.head ? 1 : 0, checks };
    },
  };
}
