import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import { checkWords, isMet } from '../core/checks/check';
import { type ChainTombstone, chainTombstone } from '../core/statements/predicates/chain-tombstone';
import { verifyBundle } from '../core/statements/verify-bundle';
import { segmentsOf } from '../db/chains';
import { isNeeded } from '../db/evidence-objects';
import type { ChainDeletionsTable } from '../db/retention-tables';
import { SIGNED_BY, ownKeys, trustIn } from '../db/signed-by';
import { readObject } from '../evidence/store';
import { compareRow, compareRows } from './compare';
import type { Reporter } from './drift';
import { sizeOf, unlessGone } from './gone';
import { heldAgainstLog } from './logged-entries';
import { signerValues } from './signer-values';

type Deletion = Selectable<ChainDeletionsTable>;
type Known = Pick<Parameters<typeof trustIn>[1], 'keys' | 'trustedRoot'>;

/**
 * Verifies the tombstone of every chain that was deleted, and holds against it what is still on record of the chain, what was deleted, and that it is gone. Each is in the
 * transparency log, so one whose row is gone is missed.
 */
export async function examineDeletions(ctx: Context, report: Reporter, trustedRoot: unknown): Promise<void> {
  const keys = await ownKeys(ctx.db);
  const log = await heldAgainstLog(ctx, report, {
    kind: 'tombstone',
    table: 'chain_deletions',
    column: 'tombstone_digest',
    called: 'deletion',
  });
  const rows = await ctx.db
    .selectFrom('chain_deletions')
    .selectAll()
    .where((eb) =>
      eb.or([eb('state', '=', 'done'), eb('tombstone_digest', 'is not', null), eb('deleted_at', 'is not', null)]),
    )
    .orderBy('id')
    .execute();
  for (const row of rows) {
    report.examined.bundles += 1;
    const place = { chain: null, table: 'chain_deletions', row: row.id };
    if (row.tombstone_digest === null) {
      compareRow(report, place, { tombstone_digest: 'a tombstone' }, row);
      continue;
    }
    log.row(row.id, row.tombstone_digest);
    await examine(ctx, row, row.tombstone_digest, { keys, trustedRoot }, report);
  }
  log.end();
}

async function examine(ctx: Context, row: Deletion, digest: string, known: Known, report: Reporter): Promise<void> {
  const place = { chain: null, table: 'chain_deletions', row: row.id };
  const bytes = await unlessGone(readObject(ctx.evidence, digest));
  if (!bytes) return; // told with the objects
  const { steps, statement, signedBy } = verifyBundle(JSON.parse(bytes.toString('utf8')), {
    trust: trustIn(row, known),
  });
  const wrong = steps.find((step) => !isMet(step));
  if (wrong)
    report.drift({
      kind: 'bundle-invalid',
      chain: null,
      what: `the tombstone of chain ${row.chain_id}`,
      expected: 'a bundle that verifies',
      found: checkWords(wrong),
      at: { ...place, column: SIGNED_BY.find((column) => row[column] !== null) ?? 'tombstone_digest' },
    });
  const said = statement && chainTombstone.read(statement);
  if (!statement || !said) return;
  compareRow(
    report,
    place,
    {
      chain_id: said.chain.id,
      state: row.deleted_at === null ? 'waiting' : 'done',
      tombstone_bytes: bytes.length,
      ...signerValues(row, signedBy),
    },
    row,
  );
  await examineChain(ctx, row, said, report);
  const subjects = new Map(statement.subject.map(({ name = '', digest: { sha256 = '' } }) => [sha256, name]));
  await examineObjects(ctx, row, subjects, report);
}

/** What is still on record of the chain. */
async function examineChain(ctx: Context, row: Deletion, said: ChainTombstone, report: Reporter): Promise<void> {
  const chain = await ctx.db.selectFrom('chains').selectAll().where('id', '=', row.chain_id).executeTakeFirst();
  compareRow(
    report,
    { chain: said.chain.name, table: 'chains', row: row.chain_id },
    {
      name: said.chain.name,
      format: said.format,
      ...(said.verdict !== 'damaged' && { verdict: said.verdict }),
      problem_counts: said.problemCounts,
      records: said.records,
      size_bytes: said.sizeBytes,
      head: said.head,
      first_recorded_at: said.firstRecordedAt,
      last_recorded_at: said.lastRecordedAt,
    },
    chain ?? {},
  );
  const segments = await segmentsOf(ctx.db, row.chain_id);
  compareRows(
    report,
    { chain: said.chain.name, table: 'chain_segments' },
    new Map(
      said.segments.map(({ sha256, sizeBytes, firstRecord, records }, index) => [
        `${row.chain_id} ${index}`,
        { digest: sha256, size_bytes: sizeBytes, first_record: firstRecord, records },
      ]),
    ),
    new Map(segments.map((segment) => [`${row.chain_id} ${segment.index}`, segment])),
  );
}

/** What was deleted, by its SHA-256, and that nothing of it is left which nothing needs. */
async function examineObjects(
  ctx: Context,
  row: Deletion,
  subjects: ReadonlyMap<string, string>,
  report: Reporter,
): Promise<void> {
  const objects = await ctx.db
    .selectFrom('deleted_objects')
    .select(['digest', 'kind'])
    .where('chain_id', '=', row.chain_id)
    .execute();
  compareRows(
    report,
    { chain: null, table: 'deleted_objects' },
    new Map(
      [...subjects].map(([digest, name]) => [`${row.chain_id} ${digest}`, { digest, kind: name.split('s/')[0] }]),
    ),
    new Map(objects.map((object) => [`${row.chain_id} ${object.digest}`, object])),
  );
  if (row.state !== 'done') return;
  for (const { digest } of objects)
    if ((await sizeOf(ctx, digest)) !== null && !(await isNeeded(ctx.db, digest)))
      report.drift({
        kind: 'object-left',
        chain: null,
        what: digest,
        expected: 'nothing: it was deleted',
        found: 'an object',
        at: { table: 'deleted_objects', row: `${row.chain_id} ${digest}`, column: 'digest' },
      });
}
