import 'server-only';
import type { z } from 'zod';
import type { Actor } from '../access/actor';
import * as audit from '../audit/append';
import type { Context } from '../context';
import type { SignatureKey } from '../core/sidecars/sidecar';
import { AppError } from '../core/errors';
import { FORMATS } from '../core/formats';
import type { Tx } from '../db/database';
import { lockUntilCommit } from '../db/lock';
import type { KeyAlgorithm, NewToolKey, ToolKey } from '../schemas/tool-keys';
import { readSignatureKey } from '../crypto/signature-keys';
import { reverify } from './reverify';

/** Formats whose tools sign, and with what. */
const SIGNERS = FORMATS.flatMap(({ id, label, sidecars }) =>
  sidecars?.signs ? [{ id, label, signs: sidecars.signs }] : [],
);

/** Registered keys in the order they were added, retired ones too. */
export async function listToolKeys(ctx: Context): Promise<ToolKey[]> {
  const rows = await ctx.db.selectFrom('tool_keys').selectAll().orderBy('id').limit(500).execute();
  return rows.map(toToolKey);
}

/**
 * Registers the public key of a tool and has the chains it may concern verified with it. A key known before, retired or not, is not added again.
 * @throws AppError BAD_REQUEST for what is no Ed25519 or P-256 public key in PEM, CONFLICT for a key that is registered.
 */
export async function addToolKey(
  ctx: Context,
  { name, publicKeyPem, actor }: z.output<typeof NewToolKey> & { actor: Actor },
): Promise<ToolKey> {
  const { algorithm, fingerprint } = requireKey(publicKeyPem, name);
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('tool_keys')
      .values({ name, algorithm, fingerprint, public_key_pem: `${publicKeyPem}\n`, added_by: actor.name })
      .onConflict((conflict) => conflict.column('fingerprint').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!row)
      throw new AppError('CONFLICT', 'this key is registered already; a retired key stays retired', { fingerprint });
    await reverifySigned(ctx, tx, algorithm);
    await audit.append(tx, actor, {
      action: 'guardrail-key.add',
      subjectId: row.id,
      details: { algorithm, fingerprint },
    });
    return toToolKey(row);
  });
}

/** Takes a key out of use for good: what it signed proves nothing any more. It stays listed. @throws AppError NOT_FOUND. */
export async function retireToolKey(ctx: Context, { keyId, actor }: { keyId: string; actor: Actor }): Promise<ToolKey> {
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('tool_keys').selectAll().where('id', '=', keyId).forUpdate().executeTakeFirst();
    if (!row) throw new AppError('NOT_FOUND', 'no key of a tool has this id', { keyId });
    if (row.retired_at) return toToolKey(row);
    const retired = await tx
      .updateTable('tool_keys')
      .set({ retired_by: actor.name, retired_at: ctx.now() })
      .where('id', '=', keyId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await reverifySigned(ctx, tx, row.algorithm);
    await audit.append(tx, actor, {
      action: 'guardrail-key.retire',
      subjectId: keyId,
      details: { fingerprint: row.fingerprint },
    });
    return toToolKey(retired);
  });
}

async function reverifySigned(ctx: Context, tx: Tx, algorithm: KeyAlgorithm): Promise<void> {
  const signing = SIGNERS.filter(({ signs }) => signs.algorithm === algorithm);
  const inRecords = signing.flatMap(({ id, signs }) => (signs.in === 'records' ? [id] : []));
  const inFiles = signing.flatMap(({ signs }) => (signs.in === 'records' ? [] : [signs.in]));
  const chains = await tx
    .selectFrom('chains')
    .select(['id', 'name'])
    .where((eb) =>
      eb.or([
        ...(inRecords.length > 0 ? [eb('format', 'in', inRecords)] : []),
        ...(inFiles.length > 0
          ? [eb('id', 'in', eb.selectFrom('sidecars').select('chain_id').where('kind', 'in', inFiles))]
          : []),
      ]),
    )
    .orderBy('name')
    .execute();
  for (const { id, name } of chains) {
    await lockUntilCommit(tx, 'chain', name);
    await reverify(ctx, tx, id);
  }
}

function requireKey(pem: string, name: string): SignatureKey {
  if (pem.includes('PRIVATE KEY'))
    throw new AppError(
      'BAD_REQUEST',
      'this is a private key: keep it where it is and send its public half (openssl pkey -pubout)',
      { field: 'publicKeyPem' },
    );
  const key = readSignatureKey(pem, name);
  if (!key)
    throw new AppError(
      'BAD_REQUEST',
      `this is no public key an audit log is signed with: ${SIGNERS.map(({ label, signs }) => `${signs.algorithm} (${label})`).join(' or ')}, as PEM`,
      { field: 'publicKeyPem' },
    );
  return key;
}

type Row = {
  id: string;
  name: string;
  algorithm: KeyAlgorithm;
  fingerprint: string;
  public_key_pem: string;
  added_by: string;
  added_at: Date;
  retired_by: string | null;
  retired_at: Date | null;
};

function toToolKey(row: Row): ToolKey {
  return {
    id: row.id,
    name: row.name,
    algorithm: row.algorithm,
    fingerprint: row.fingerprint,
    publicKeyPem: row.public_key_pem,
    addedBy: row.added_by,
    addedAt: row.added_at.toISOString(),
    retiredBy: row.retired_by,
    retiredAt: row.retired_at?.toISOString() ?? null,
  };
}
