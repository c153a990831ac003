import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { formatNoteSignature, formatVerifierKey, noteKeyId, signedMessage } from '../../core/merkle/signed-note';
import { perContextOnceMade } from '../../per-context';
import { type LogKey, createLogKey, readLogKey } from './log-key';

/** The log by its name, which is its key's name too, and what signs for it. */
export type LogIdentity = {
  /** `host[:port]/tlog`, of a further workspace `host[:port]/w/<id>/tlog`, of the address it was first published at. */
  origin: string;
  /** The same without `/tlog`: origins of chains begin with it. */
  host: string;
  publicKey: Uint8Array;
  /** A note over `text`, signed under the name `origin`. */
  signNote(origin: string, text: string): string;
};

const LOG_PATH = '/tlog';

/**
 * The log of this installation with its private key; both are made, and put on record for good, at first use.
 * @throws AppError SIGNING_FAILED on a host that has not the key on record.
 */
export const logIdentity = perContextOnceMade('log-identity', open);

/** The log's key as those who check it need it; null as long as nothing was signed. */
export async function verifierKey(ctx: Context): Promise<string | null> {
  const row = await recorded(ctx);
  return row && formatVerifierKey(row.origin, 'ed25519', row.public_key);
}

async function open(ctx: Context): Promise<LogIdentity> {
  const known = await recorded(ctx);
  const key = (await readLogKey(ctx.env.logKeyFile)) ?? (known ? null : await createLogKey(ctx.env.logKeyFile));
  if (key && !known) {
    // Where the log is published: that of a further workspace has a key and an address of its own.
    const { host, pathname } = new URL(ctx.env.workspaceUrl);
    const origin = `${host}${pathname.replace(/\/$/, '')}${LOG_PATH}`;
    await ctx.db
      .insertInto('log_identity')
      .values({ origin, public_key: Buffer.from(key.publicKey), created_at: ctx.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }
  const row = known ?? (await recorded(ctx));
  if (!key || !row || !row.public_key.equals(key.publicKey)) {
    throw new AppError(
      'SIGNING_FAILED',
      `this host has ${key ? 'another key' : 'no key'} for the transparency log than the one on record; give it that key and name the file in SEALTRAIL_LOG_KEY_FILE`,
    );
  }
  return identityOf(row.origin, key);
}

function recorded(ctx: Context) {
  return ctx.db
    .selectFrom('log_identity')
    .select(['origin', 'public_key'])
    .executeTakeFirst()
    .then((row) => row ?? null);
}

function identityOf(origin: string, key: LogKey): LogIdentity {
  return {
    origin,
    host: origin.slice(0, -LOG_PATH.length),
    publicKey: key.publicKey,
    signNote: (name, text) =>
      `${text}\n${formatNoteSignature({ name, id: noteKeyId(name, 'ed25519', key.publicKey), bytes: key.sign(signedMessage(text, 'ed25519')) })}`,
  };
}
