import 'server-only';
import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { ChainVerdict } from '../core/chain/verdict';
import { EVIDENCE_RULE_ID } from '../core/rules/evidence-rule';
import { leavePending } from './activity-pending';
import { announceFindings } from './announce';
import type { Db, Tx } from './database';
import type { EvidenceDamageTable } from './evidence-tables';
import { lockUntilCommit } from './lock';

export type DamageKind = EvidenceDamageTable['kind'];

export const EVIDENCE_RULE = {
  title: 'Stored evidence is not what was received',
  description:
    'Bytes stored as evidence read back as other bytes, or not at all: a disk failed, or they were changed. Nothing is served, signed, proven or packaged from them. Restore them from a backup or send the same log again; the finding closes when the genuine bytes read back.',
  falsePositives: ['A disk or a backup that is being restored.'],
  tags: ['attack.t1565.001'],
  atlas: [],
  owasp: [],
  runbook:
    'Stop what else writes to the disk and look at its state. Restore the files that are named here, or all of evidence, from a backup, and run fsck. If nothing failed, somebody changed them: keep the disk as it is for whoever looks into it.',
};
const RULE_TEXT = `title: ${EVIDENCE_RULE.title}\nid: ${EVIDENCE_RULE_ID}\nlevel: critical\ndescription: ${EVIDENCE_RULE.description}\n`;
const TITLES: Record<DamageKind, string> = {
  altered: 'Stored evidence was altered',
  missing: 'Stored evidence is missing',
  unreadable: 'Stored evidence cannot be read',
};
/** How often it is written down that something is still so. */
const SEEN_EVERY_MS = 30_000;

export function tailSubject(chainId: string): string {
  return `tail:${chainId}`;
}

/** Null for an object. */
export function chainOfTail(subject: string): string | null {
  return subject.startsWith('tail:') ? subject.slice('tail:'.length) : null;
}

/** Notes that something is not what was stored, with a critical finding. Noting it again changes nothing but when it was seen. */
export async function recordDamage(db: Db, subject: string, kind: DamageKind, now: Date): Promise<void> {
  const known = await db
    .selectFrom('evidence_damage')
    .selectAll()
    .where('subject', '=', subject)
    .where('healed_at', 'is', null)
    .executeTakeFirst();
  if (known?.kind === kind && now.getTime() - known.seen_at.getTime() < SEEN_EVERY_MS) return;
  await db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'evidence-damage', subject);
    const open = await tx
      .selectFrom('evidence_damage')
      .selectAll()
      .where('subject', '=', subject)
      .where('healed_at', 'is', null)
      .executeTakeFirst();
    const values = { kind, seen_at: now, noticed_at: open?.noticed_at ?? now, healed_at: null };
    await tx
      .insertInto('evidence_damage')
      .values({ subject, ...values })
      .onConflict((conflict) => conflict.column('subject').doUpdateSet(values))
      .execute();
    if (open?.kind === kind) return;
    await leavePending(tx, 'evidence.damage', kind, [subject]);
    await raiseFinding(tx, subject, kind, values.noticed_at);
  });
}

/** Notes that something is what was stored again; its finding is no longer one of the records as they stand. Whether it was on record as damaged. */
export async function recordIntact(db: Db, subject: string, now: Date): Promise<boolean> {
  const open = await db
    .selectFrom('evidence_damage')
    .select('subject')
    .where('subject', '=', subject)
    .where('healed_at', 'is', null)
    .executeTakeFirst();
  if (!open) return false;
  await db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'evidence-damage', subject);
    await tx
      .updateTable('evidence_damage')
      .set({ healed_at: now })
      .where('subject', '=', subject)
      .where('healed_at', 'is', null)
      .execute();
    await tx
      .updateTable('findings')
      .set({ superseded_at: now })
      .where('rule_id', '=', EVIDENCE_RULE_ID)
      .where('group_key', '=', groupKey(subject))
      .where('superseded_at', 'is', null)
      .execute();
    await leavePending(tx, 'evidence.heal', 'intact', [subject]);
  });
  return true;
}

function groupKey(subject: string): string {
  return JSON.stringify([subject]);
}

async function raiseFinding(tx: Tx, subject: string, kind: DamageKind, at: Date): Promise<void> {
  const chains = await chainsOf(tx, subject);
  const values = { title: TITLES[kind], superseded_at: null };
  const { id } = await tx
    .insertInto('findings')
    .values({
      rule_id: EVIDENCE_RULE_ID,
      rule_digest: createHash('sha256').update(RULE_TEXT).digest('hex'),
      rule_yaml: RULE_TEXT,
      level: 'critical',
      group_key: groupKey(subject),
      group_values: JSON.stringify(
        subject.startsWith('tail:')
          ? { 'open segment of chain': subject.slice('tail:'.length) }
          : { 'evidence object': subject },
      ),
      window_from: at,
      window_to: new Date(at.getTime() + 1),
      measures: JSON.stringify({ kind: 'evidence' }),
      record_count: 0,
      records: '[]',
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['rule_id', 'group_key', 'window_from']).doUpdateSet(values))
    .returning('id')
    .executeTakeFirstOrThrow();
  if (chains.length > 0)
    await tx
      .insertInto('finding_chains')
      .values(chains.map(({ id: chain_id }) => ({ finding_id: id, chain_id, ordinals: '[]' })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await leavePending(tx, 'rule.find', EVIDENCE_RULE_ID, [id]);
  await announceFindings(tx, [{ id, grew: null }], at);
}

/** The chains something is evidence of. */
async function chainsOf(tx: Tx, subject: string): Promise<{ id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT id FROM (
      SELECT chain_id AS id FROM chain_segments WHERE digest = ${subject}
      UNION ALL SELECT u.chain_id FROM upload_segments s JOIN uploads u ON u.id = s.upload_id WHERE s.digest = ${subject}
      UNION ALL SELECT chain_id FROM uploads WHERE archive_sha256 = ${subject}
      UNION ALL SELECT chain_id FROM sidecars WHERE digest = ${subject} OR archive_sha256 = ${subject}
      UNION ALL SELECT a.chain_id FROM attestation_bundles b JOIN attestations a ON a.id = b.attestation_id WHERE b.digest = ${subject} AND a.chain_id IS NOT NULL
      UNION ALL SELECT chain_id FROM tails WHERE 'tail:' || chain_id::text = ${subject}
    ) AS of ORDER BY id`.execute(tx);
  return rows;
}

/** What of the bytes a chain consists of now is not what was stored. */
export async function damageOfChain(db: Db | Tx, chainId: string): Promise<{ subject: string; kind: DamageKind }[]> {
  return db
    .selectFrom('evidence_damage')
    .select(['subject', 'kind'])
    .where('healed_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('subject', '=', tailSubject(chainId)),
        eb('subject', 'in', eb.selectFrom('chain_segments').select('digest').where('chain_id', '=', chainId)),
      ]),
    )
    .orderBy('subject')
    .execute();
}

/** Which of some objects and open tails are not what was stored. */
export async function damagedAmong(db: Db, subjects: readonly string[]): Promise<Set<string>> {
  if (subjects.length === 0) return new Set();
  const rows = await db
    .selectFrom('evidence_damage')
    .select('subject')
    .where('healed_at', 'is', null)
    .where('subject', 'in', subjects)
    .execute();
  return new Set(rows.map(({ subject }) => subject));
}

/** Everything that is not what was stored, at most 100,000 of it. */
export function everyDamage(db: Db): Promise<{ subject: string }[]> {
  return db.selectFrom('evidence_damage').select('subject').where('healed_at', 'is', null).limit(100_000).execute();
}

/** Of what is damaged, the digests of objects, and the ids of chains whose open tail it is. */
export function damagedSubjects(damage: readonly { subject: string }[]): { digests: string[]; tails: string[] } {
  const subjects = damage.map(({ subject }) => ({ subject, tail: chainOfTail(subject) }));
  return {
    digests: subjects.flatMap(({ subject, tail }) => (tail === null ? [subject] : [])),
    tails: subjects.flatMap(({ tail }) => tail ?? []),
  };
}

/** How many of the things a chain consists of are not what was stored. `id` is where its id stands in the statement. */
export function damageCount(id: 'chains.id' | 'c.id'): RawBuilder<number> {
  return sql<number>`(SELECT count(*)::bigint FROM evidence_damage d WHERE d.healed_at IS NULL AND (d.subject = 'tail:' || ${sql.ref(id)}::text
    OR EXISTS (SELECT FROM chain_segments ds WHERE ds.chain_id = ${sql.ref(id)} AND ds.digest = d.subject)))`;
}

/** A SELECT of the ids of chains that damaged evidence is of: as much work as is damaged. */
export const DAMAGED_CHAINS: RawBuilder<string> = sql<string>`(
  SELECT s.chain_id FROM evidence_damage d JOIN chain_segments s ON s.digest = d.subject WHERE d.healed_at IS NULL
  UNION SELECT substr(d.subject, 6)::uuid FROM evidence_damage d WHERE d.healed_at IS NULL AND d.subject LIKE 'tail:%')`;

/** The verdict answered of a row of `chains`: of bytes that are gone or altered it is not said again. */
export const ANSWERED_VERDICT: RawBuilder<ChainVerdict> = sql<ChainVerdict>`CASE WHEN ${damageCount('chains.id')} > 0 THEN 'damaged' ELSE chains.verdict END`;

/** Whether any of some objects, a SELECT of digests, is not what was stored. */
export function isAnyDamaged(digests: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`EXISTS (SELECT FROM evidence_damage d WHERE d.healed_at IS NULL AND d.subject IN (${digests}))`;
}
