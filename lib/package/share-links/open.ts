import 'server-only';
import { Readable } from 'node:stream';
import { type Actor, tokenActor } from '../../access/actor';
import { sha256 } from '../../crypto/sha256';
import * as audit from '../../audit/append';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Tx } from '../../db/database';
import { NEEDS } from '../../schemas/roles';
import type { ShareLink } from '../../schemas/share-links';
import { openPackage } from '../open-package';
import { openRunFile } from '../report-runs/open-file';
import { countMiss, hasTriedTooMany } from './misses';
import { toShareLink } from './list';

/** The file by which a package is downloaded. */
export const PACKAGE_FILE = 'package.zip';

type Given = { token: string /** Who asks, as the connection says. */; address: string };

/** What a link opens; it is counted and recorded. @throws AppError NOT_FOUND, the same for every link that opens nothing. */
export async function openShareLink(ctx: Context, given: Given): Promise<ShareLink> {
  return use(ctx, given, 'opens', async (tx, link, actor) => {
    await audit.append(tx, actor, { action: 'share-link.open', subjectId: link.id });
    return link;
  });
}

/**
 * A file of what a link opens: of a report by its name, of a package `package.zip`. It is counted and recorded before its first byte. @throws AppError
 * NOT_FOUND, the same for every link that opens nothing and every file that is not of it; EVIDENCE_ALTERED.
 */
export async function openSharedFile(
  ctx: Context,
  { file, ...given }: Given & { file: string },
): Promise<{ name: string; stream: Readable }> {
  return use(ctx, given, 'downloads', async (tx, link, actor) => {
    const opened = await open(ctx, link, file);
    await audit.append(tx, actor, { action: 'share-link.download', subjectId: link.id, details: { file } });
    return opened;
  });
}

async function open(ctx: Context, { of }: ShareLink, file: string): Promise<{ name: string; stream: Readable }> {
  if (of.kind === 'report-run') return { name: file, stream: await openRunFile(ctx, { runId: of.id, file }) };
  if (file !== PACKAGE_FILE) throw unknown();
  const { fileName, stream } = await openPackage(ctx, { packageId: of.id });
  return { name: fileName, stream: Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]) }; // node's type of the same thing
}

/** Whoever made it has to be let in still, and to be one who may. */
async function use<T>(
  ctx: Context,
  { token, address }: Given,
  counted: 'opens' | 'downloads',
  act: (tx: Tx, link: ShareLink, actor: Actor) => Promise<T>,
): Promise<T> {
  if (hasTriedTooMany(ctx, address)) throw unknown();
  const now = ctx.now();
  const done = await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('share_links')
      .set((set) => ({ [counted]: set(counted, '+', 1), last_used_at: now }))
      .where('token_sha256', '=', sha256(token))
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .where((where) =>
        where.exists(
          where
            .selectFrom('user as u')
            .select('u.id')
            .whereRef('u.id', '=', 'share_links.created_by_id')
            .where('u.role', 'in', NEEDS.analyst.roles)
            .where((able) => able.or([able('u.banned', 'is', null), able('u.banned', '=', false)])),
        ),
      )
      .returningAll()
      .executeTakeFirst();
    if (!row) return null;
    const link = toShareLink(row);
    const name = `link ${link.note ?? link.id}`;
    const actor: Actor = {
      ...tokenActor({ id: link.id, name, role: 'auditor', chains: [], workspaceId: ctx.env.workspaceId }),
      name,
    };
    return { value: await act(tx, link, actor) };
  });
  if (done) return done.value;
  countMiss(ctx, address);
  throw unknown();
}

function unknown(): AppError {
  return new AppError('NOT_FOUND', 'this link opens nothing: it has expired, was revoked or is not one of ours');
}
