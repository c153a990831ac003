import { z } from 'zod';
import type { Hasher } from '../../core/chain/format';
import { createMerkleTree } from '../../core/formats/nono/merkle';
import type { Statement } from '../../core/statements/statement';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { eachObject } from '../walk/each-object';
import { compared } from './compared';

const Predicate = z.object({ session_id: z.string(), audit_log: z.object({ event_count: z.int().nonnegative(), chain_head: z.string(), merkle_root: z.string() }) });
const DIGEST = /^[0-9a-f]{64}$/i;

/** Holds nono's statement on a session against its log: count, head and Merkle root. Null when it is another statement. */
export async function compareNono(statement: Statement, logs: readonly Item[], { hasher }: { hasher: Hasher }): Promise<{ rows: Row[]; logs: Item[] } | null> {
  const predicate = Predicate.safeParse(statement.predicate).data;
  if (!predicate || !statement.predicateType.startsWith('https://nono.sh/attestation/audit-session/')) return null;
  const { event_count: count, chain_head: head, merkle_root: root } = predicate.audit_log;
  const subject = compared('tool-subject-root', root, statement.subject[0]?.digest.sha256 ?? null);
  const ofFormat = logs.filter(({ walk }) => walk?.format === 'nono');
  if (ofFormat.length === 0) return { rows: [subject, { step: 'tool-log', status: 'skipped', reason: { code: 'tool-log-not-here', unit: 'session', id: predicate.session_id, count, noun: 'event', file: 'its audit-events.ndjson' } }], logs: [] };
  const heads = await Promise.all(ofFormat.map(async (item) => ({ item, found: await headAt(item, count, hasher) })));
  const mine = heads.find(({ found }) => found.head === head.toLowerCase()) ?? heads[0];
  if (!mine) return null;
  const rows = [subject, compared('tool-events', count, Math.min(count, mine.found.records)), compared('tool-head', head.toLowerCase(), mine.found.head), compared('tool-root', root.toLowerCase(), mine.found.root)];
  if (mine.found.records > count) rows.push({ step: 'tool-end', status: 'failed', reason: { code: 'more-follow', events: mine.found.records - count } });
  return { rows, logs: [mine.item] };
}

/** Head and root after so many events; what is there when there are fewer. */
async function headAt({ plain }: Item, count: number, hasher: Hasher): Promise<{ records: number; head: string | null; root: string | null }> {
  const tree = createMerkleTree(hasher);
  let records = 0;
  let head: string | null = null;
  let isWhole = true;
  if (plain) {
    await eachObject(plain, ({ chain_hash: hash, leaf_hash: leafHash }) => {
      records += 1;
      if (records > count) return;
      head = typeof hash === 'string' ? hash.toLowerCase() : null;
      const leaf = typeof leafHash === 'string' && DIGEST.test(leafHash) ? leafHash.toLowerCase() : null;
      isWhole &&= leaf !== null;
      if (leaf) tree.add(leaf);
    });
  }
  return { records, head, root: isWhole ? tree.root() : null };
}
