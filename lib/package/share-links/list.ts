import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../../context';
import type { ShareLinksTable } from '../../db/share-link-table';
import type { ShareLink, Shared } from '../../schemas/share-links';

/** Links to one thing, good or not, the newest first; at most 500. */
export async function listShareLinks({ db }: Context, { kind, id }: Shared): Promise<{ items: ShareLink[] }> {
  const rows = await db
    .selectFrom('share_links')
    .selectAll()
    .where('of_kind', '=', kind)
    .where('of_id', '=', id)
    .orderBy('id', 'desc')
    .limit(500)
    .execute();
  return { items: rows.map(toShareLink) };
}

export function toShareLink(row: Selectable<ShareLinksTable>): ShareLink {
  return {
    id: row.id,
    of: { kind: row.of_kind, id: row.of_id },
    note: row.note,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
    opens: row.opens,
    downloads: row.downloads,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
