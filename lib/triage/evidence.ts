import 'server-only';
import * as z from 'zod';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { decodeCursor, encodeCursor } from '../db/cursor';
import { OrdinalCursor } from '../db/cursor-shapes';
import { damagedSubjects, everyDamage } from '../db/evidence-damage';
import { listedRecords } from '../detect/query/listed-records';
import type { Damaged } from '../lake/query/integrity';
import { type Told, comparedAt, recordsAt, toldAt } from '../lake/query/page';
import type { Page } from '../schemas/common';
import type { EvidenceRecord, EvidenceSort, FindingInFull } from '../schemas/findings';
import { type EvidencePlace, compareEvidence, evidencePlace } from './evidence-order';

type Listed = FindingInFull['records'][number];
type Asked = { cursor?: string | undefined; limit: number };

const keyOf = ({ chainId, ordinal }: { chainId: string; ordinal: number }) => `${chainId} ${ordinal}`;

/**
 * The records a finding lists, as they happened unless another order is asked for, each with what it says, whether it holds now, and by what it can be proven.
 * @throws AppError NOT_FOUND.
 */
export async function findingEvidence(
  ctx: Context,
  { findingId, sort = 'time', ...asked }: Asked & { findingId: string; sort?: EvidenceSort | undefined },
): Promise<Page<EvidenceRecord>> {
  const row = await ctx.db.selectFrom('findings').select('records').where('id', '=', findingId).executeTakeFirst();
  if (!row) throw new AppError('NOT_FOUND', 'no finding has this id', { findingId });
  const listed = listedRecords(row.records);
  const damaged = damagedSubjects(await everyDamage(ctx.db));
  const { places, nextCursor } =
    sort === 'time' ? asTheyHappened(listed, asked) : await inOrder(ctx, listed, { ...asked, sort, damaged });
  const [found, proofs] = await Promise.all([recordsAt(ctx, places, damaged), proofsOf(ctx, places)]);
  const records = new Map(found.map((record) => [keyOf(record), record]));
  return {
    items: places.map((place) => ({ ...place, ...proofs(place), record: records.get(keyOf(place)) ?? null })),
    nextCursor,
    total: listed.length,
  };
}

type PlacesPage = { places: readonly Listed[]; nextCursor: string | null };

function asTheyHappened(listed: readonly Listed[], { cursor, limit }: Asked): PlacesPage {
  const at = cursor ? decodeCursor(OrdinalCursor, cursor)[0] : 0;
  const next = at + limit;
  return { places: listed.slice(at, next), nextCursor: next < listed.length ? encodeCursor([next]) : null };
}

/** Of all that are listed what they are compared by is read; a page begins after the values its cursor has, whatever became of that record. */
async function inOrder(
  ctx: Context,
  listed: readonly Listed[],
  { sort, cursor, limit, damaged }: Asked & { sort: EvidenceSort; damaged: Damaged },
): Promise<PlacesPage> {
  const after = cursor ? placeOf(sort, cursor) : null;
  const [compared, proofs] = await Promise.all([comparedAt(ctx, listed, damaged), proofsOf(ctx, listed)]);
  const byKey = new Map(compared.map((one) => [keyOf(one), one]));
  const rows = listed
    .map((place, at) => {
      const known = byKey.get(keyOf(place)) ?? null;
      return { place, stands: evidencePlace(sort, { ...place, ...proofs(place), compared: known, at }) };
    })
    .filter(({ stands }) => after === null || compareEvidence(sort, stands, after) > 0)
    .toSorted((a, b) => compareEvidence(sort, a.stands, b.stands));
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1)?.stands : undefined;
  return {
    places: page.map(({ place }) => place),
    nextCursor: last ? encodeCursor([sort, last.at, ...last.values]) : null,
  };
}

/** @throws AppError BAD_REQUEST when the cursor is of no such order. */
function placeOf(sort: EvidenceSort, cursor: string): EvidencePlace {
  const shape = z.tuple([z.literal(sort), z.int().min(0)], z.union([z.string(), z.number()]));
  const [, at, ...values] = decodeCursor(shape, cursor);
  return { values, at };
}

/** Of each of some places the name of its chain, and the attestation it can be proven by. */
async function proofsOf(ctx: Context, places: readonly Listed[]) {
  const chainIds = [...new Set(places.map(({ chainId }) => chainId))];
  const [chains, attestations] = await Promise.all([
    chainIds.length === 0
      ? []
      : ctx.db.selectFrom('chains').select(['id', 'name']).where('id', 'in', chainIds).execute(),
    attestationsOf(ctx, chainIds),
  ]);
  const names = new Map(chains.map(({ id, name }) => [id, name]));
  const newest = new Map(attestations.map((one) => [one.chain_id, one]));
  return ({ chainId, ordinal }: Listed): Pick<EvidenceRecord, 'chainName' | 'attestationId'> => {
    const attestation = newest.get(chainId);
    return {
      chainName: names.get(chainId) ?? chainId,
      attestationId: attestation && (attestation.tree_size ?? 0) > ordinal ? attestation.id : null,
    };
  };
}

/** Of each chain the attestation that stands and is over most of it. */
async function attestationsOf(ctx: Context, chainIds: readonly string[]) {
  if (chainIds.length === 0) return [];
  return ctx.db
    .selectFrom('attestations')
    .distinctOn('chain_id')
    .select(['id', 'chain_id', 'tree_size'])
    .where('chain_id', 'in', chainIds)
    .where('withdrawn_at', 'is', null)
    .where('tree_size', 'is not', null)
    .orderBy('chain_id')
    .orderBy('tree_size', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** What the records a finding lists are told by, in their order; those that the lake lacks are left out. */
export async function toldOf(ctx: Context, { records }: Pick<FindingInFull, 'records'>): Promise<Told[]> {
  const told = new Map((await toldAt(ctx, records)).map((one) => [keyOf(one), one]));
  return records.flatMap((place) => told.get(keyOf(place)) ?? []);
}
