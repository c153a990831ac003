import 'server-only';
import { type Selectable, sql } from 'kysely';
import { type Actor, actorKey } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { requireChain } from '../db/chains';
import { requireNotDeleted } from '../db/deleted-chains';
import { isAnyDamaged } from '../db/evidence-damage';
import { type SortColumns, listOrder, rankOf } from '../db/list-order';
import { lockUntilCommit } from '../db/lock';
import type { PackagesTable } from '../db/package-tables';
import { getAttestationRow } from '../attest/attestations';
import { requireMayAttest } from '../attest/requests/request-attestation';
import { type Page, SignedVerdict } from '../schemas/common';
import type { EvidencePackage, PackageEntry, PackageOf, PackageSort } from '../schemas/packages';
import { pathPart } from './files';

/** Packages that may wait at once, and that one caller may ask for within an hour: each takes room in the evidence store. */
const MAX_WAITING = 20;
const MAX_AN_HOUR = 120;

/** Writes down what is to be packed and queues it; the one that waits already when it is of the same. @throws AppError NOT_FOUND, EVIDENCE_DELETED, BUSY when too many wait or were asked for. */
export async function requestPackage(
  ctx: Context,
  { of, actor }: { of: PackageOf; actor: Actor },
): Promise<EvidencePackage> {
  // It is attested when it is made, by the worker.
  if (of.kind === 'period') await requireMayAttest(ctx, actor, of.chainIds);
  const { id: chainId, name: chain } = await chainOf(ctx, of);
  if (chainId !== null) await requireNotDeleted(ctx.db, chainId);
  const id = await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'package', 'asked');
    const waiting = await tx
      .selectFrom('packages')
      .select(['id', sql<boolean>`of = ${JSON.stringify(of)}::jsonb`.as('is_same')])
      .where('state', '=', 'waiting')
      .execute();
    const same = waiting.find((row) => row.is_same);
    if (same) return same.id;
    if (waiting.length >= MAX_WAITING)
      throw new AppError('BUSY', `${MAX_WAITING} evidence packages wait to be made; ask again when some are`, {
        limit: MAX_WAITING,
      });
    const hourAgo = new Date(ctx.now().getTime() - 3_600_000);
    const { asked: requested } = await tx
      .selectFrom('packages')
      .select(({ fn }) => fn.countAll<number>().as('asked'))
      .where('requested_by_id', '=', actorKey(actor))
      .where('requested_at', '>', hourAgo)
      .executeTakeFirstOrThrow();
    if (Number(requested) >= MAX_AN_HOUR)
      throw new AppError('BUSY', `${MAX_AN_HOUR} evidence packages were asked for within an hour; ask again later`, {
        limit: MAX_AN_HOUR,
      });
    const row = await tx
      .insertInto('packages')
      .values({
        of: JSON.stringify(of),
        next_try_at: ctx.now(),
        requested_by: actor.name,
        requested_by_id: actorKey(actor),
        requested_at: ctx.now(),
        chains: JSON.stringify(chain === null ? [] : [chain]),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await ctx.queue.send(tx, 'make-package', { requestId: row.id });
    await audit.append(tx, actor, {
      action: 'package.request',
      subjectId: row.id,
      details: {
        of: of.kind,
        ...(of.kind === 'chain' && { chainId: of.chainId }),
        ...(of.kind === 'attestation' && { attestationId: of.attestationId }),
      },
    });
    return row.id;
  });
  return getPackage(ctx, { packageId: id });
}

/** The one chain a package is of, if it is of one. @throws AppError NOT_FOUND. */
async function chainOf(ctx: Context, of: PackageOf): Promise<{ id: string | null; name: string | null }> {
  if (of.kind === 'period') return { id: null, name: null };
  if (of.kind === 'chain') return requireChain(ctx.db, of.chainId);
  const { chainId, chain } = await getAttestationRow(ctx, of);
  return { id: chainId, name: chain };
}

const SORTED_BY: SortColumns<'requested' | 'verdict' | 'files'> = {
  requested: null,
  verdict: { value: rankOf(sql`packages.verdict`, SignedVerdict.options), type: 'bigint' },
  files: { value: sql<number>`jsonb_array_length(packages.entries)::bigint`, type: 'bigint' },
};

/** Newest first, unless another order is asked for. */
export async function listPackages(
  ctx: Context,
  { sort = '-requested', cursor, limit }: { sort?: PackageSort; cursor?: string; limit: number },
): Promise<Page<EvidencePackage>> {
  const order = listOrder(sort, SORTED_BY, sql<string>`packages.id`);
  const [{ total }, rows] = await Promise.all([
    ctx.db
      .selectFrom('packages')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
    packageRows(ctx)
      .where(order.after(cursor))
      .select(order.place.as('place'))
      .orderBy(order.orderBy)
      .limit(limit + 1)
      .execute(),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: await Promise.all(rows.slice(0, limit).map((row) => toPackage(ctx, row))),
    nextCursor: last ? order.cursorOf(last) : null,
    total: Number(total),
  };
}

function packageRows({ db }: Context) {
  return db
    .selectFrom('packages')
    .selectAll()
    .select([
      isAnyDamaged(DIGESTS).as('damaged'),
      sql<string[]>`ARRAY(SELECT d.digest FROM deleted_objects d WHERE d.digest IN (${DIGESTS}))`.as(
        'named_as_deleted',
      ),
    ]);
}
const DIGESTS = sql<string>`SELECT e->>'digest' FROM jsonb_array_elements(packages.entries) e`;
type PackageRow = Awaited<ReturnType<ReturnType<typeof packageRows>['executeTakeFirstOrThrow']>>;

/** @throws AppError NOT_FOUND. */
export async function getPackage(ctx: Context, { packageId }: { packageId: string }): Promise<EvidencePackage> {
  return toPackage(ctx, await requirePackage(ctx, packageId));
}

/** A package and its files, by path. @throws AppError NOT_FOUND. */
export async function packageEntries(
  ctx: Context,
  { packageId }: { packageId: string },
): Promise<{ item: EvidencePackage; entries: readonly PackageEntry[] }> {
  const row = await requirePackage(ctx, packageId);
  return { item: await toPackage(ctx, row), entries: row.entries };
}

/** @throws AppError NOT_FOUND. */
export async function requirePackage(ctx: Context, packageId: string): Promise<PackageRow> {
  const row = await packageRows(ctx).where('id', '=', packageId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no evidence package has this id', { packageId });
  return row;
}

export function packageName({
  id,
  of,
  chains,
  requested_at: at,
}: Pick<Selectable<PackagesTable>, 'id' | 'of' | 'chains' | 'requested_at'>): string {
  const about = of.kind === 'period' ? `${of.from.slice(0, 10)}_${of.to.slice(0, 10)}` : pathPart(chains[0] ?? of.kind);
  return `evidence-${about}-${at.toISOString().slice(0, 10)}-${id.slice(-6)}.zip`;
}

/** An object of it that was deleted after its retention had ended, if one was: what another chain still needs was kept. */
export async function deletedObject(
  ctx: Context,
  { named_as_deleted: digests }: Pick<PackageRow, 'named_as_deleted'>,
): Promise<string | null> {
  for (const digest of digests) if ((await ctx.evidence.stat(digest)) === null) return digest;
  return null;
}

async function toPackage(ctx: Context, row: PackageRow): Promise<EvidencePackage> {
  return {
    id: row.id,
    of: row.of,
    state: row.state,
    failure: row.failure,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at.toISOString(),
    madeAt: row.made_at?.toISOString() ?? null,
    fileName: packageName(row),
    files: row.entries.length,
    bytes: row.entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    manifestSha256: row.manifest_digest,
    verdict: row.verdict,
    damaged: row.damaged,
    deleted: (await deletedObject(ctx, row)) !== null,
    chains: row.chains,
  };
}
