import 'server-only';
import type { Context } from '../../context';
import { lockUntilCommit } from '../../db/lock';
import { KEY_ONLY, verifyBundle } from '../../core/statements/verify-bundle';
import { unlessDamaged } from '../../evidence/damage';
import { readObject } from '../../evidence/store';
import { currentSigner } from '../signers';
import { formatKey } from './tell-key';

/**
 * Tells the log of every key that signs, or signed, statements here and that it does not know of. A row of the table is not trusted: the key is
 * the one this host signs with, or a bundle on record is signed by it.
 */
export async function logKeys(ctx: Context): Promise<void> {
  const unknown = (db: Pick<Context['db'], 'selectFrom'>) =>
    db
      .selectFrom('signing_keys as k')
      .leftJoin('log_entries as e', (join) => join.onRef('e.about', '=', 'k.hint').on('e.kind', '=', 'key'))
      .where('e.index', 'is', null)
      .select(['k.hint', 'k.public_key_pem as pem'])
      .orderBy('k.created_at')
      .execute();
  const genuine = await genuineKeys(ctx, await unknown(ctx.db));
  if (genuine.size === 0) return;
  await ctx.db.transaction().execute(async (tx) => {
    await lockUntilCommit(tx, 'log', 'entries');
    for (const key of await unknown(tx)) if (genuine.has(key.hint)) await formatKey(ctx, tx, key);
  });
}

async function genuineKeys(ctx: Context, keys: readonly { hint: string; pem: string }[]): Promise<Set<string>> {
  const genuine = new Set<string>();
  if (keys.length === 0) return genuine;
  const own = await currentSigner(ctx).catch(() => null); // a token that is away does not keep the others out
  for (const { hint, pem } of keys)
    if ((own?.keyHint === hint && own.publicKeyPem === pem) || (await hasSigned(ctx, hint, pem))) genuine.add(hint);
  return genuine;
}

async function hasSigned(ctx: Context, hint: string, pem: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('attestations')
    .select('bundle_digest')
    .where('key_hint', '=', hint)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const bytes = row && (await unlessDamaged(readObject(ctx.evidence, row.bundle_digest)));
  if (!bytes) return false;
  return verifyBundle(JSON.parse(bytes.toString('utf8')), {
    trust: {
      keys: [{ hint, publicKeyPem: pem }],
      trustedRoot: null,
      identities: [KEY_ONLY],
      require: { logEntries: 0, timestamps: 0 },
    },
  }).ok;
}
