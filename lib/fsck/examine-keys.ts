import 'server-only';
import { createHash, createPublicKey } from 'node:crypto';
import type { Context } from '../context';
import { keyFingerprint } from '../attest/signers/key-fingerprint';
import { readSignatureKey } from '../crypto/signature-keys';
import { compareRow } from './compare';
import type { Reporter } from './drift';
import { loggedEntries } from './logged-entries';

/** How long a new key may be unknown to the log. */
const NEW_MS = 60_000;

/** Keys that sign here against the transparency log, which every one of them is told to, and each key's name against the key. */
export async function examineKeys(ctx: Context, report: Reporter): Promise<void> {
  const logged = new Map(
    (await loggedEntries(ctx, 'key')).map(({ about, said }) => [about, String(said['publicKeySha256'])]),
  );
  const keys = await ctx.db.selectFrom('signing_keys').selectAll().execute();
  for (const key of keys) {
    const place = { chain: null, table: 'signing_keys', row: key.hint };
    const reported = logged.get(key.hint);
    // The worker enters a new key in the log, in a moment.
    const isNew = ctx.now().getTime() - key.created_at.getTime() < NEW_MS;
    if (reported === undefined && !isNew)
      report.drift({
        kind: 'row-unfounded',
        chain: null,
        what: `signing_keys ${key.hint}`,
        expected: 'a key the transparency log knows',
        found: 'one it does not',
        at: { table: 'signing_keys', row: key.hint, column: 'hint' },
      });
    logged.delete(key.hint);
    const spki = publicKeyOf(key.public_key_pem);
    compareRow(
      report,
      place,
      { public_key_pem: reported ?? spki?.sha256 ?? 'a public key' },
      { public_key_pem: spki?.sha256 ?? null },
    );
    if (spki)
      compareRow(
        report,
        place,
        { hint: spki.hint, algorithm: spki.algorithm },
        { hint: key.hint, algorithm: key.algorithm.split(' ')[0] },
      );
  }
  for (const hint of logged.keys())
    report.drift({
      kind: 'row-missing',
      chain: null,
      what: `signing_keys ${hint}`,
      expected: 'the key the transparency log knows',
      found: 'none',
      at: { table: 'signing_keys', row: hint, column: '*' },
    });
  await examineToolKeys(ctx, report);
}

function publicKeyOf(pem: string): { sha256: string; hint: string; algorithm: string } | null {
  try {
    const key = createPublicKey(pem);
    return {
      sha256: createHash('sha256')
        .update(key.export({ type: 'spki', format: 'der' }))
        .digest('hex'),
      hint: keyFingerprint(key),
      algorithm: key.asymmetricKeyType === 'ed25519' ? 'Ed25519' : 'ECDSA',
    };
  } catch {
    return null; // no public key is the answer
  }
}

async function examineToolKeys(ctx: Context, report: Reporter): Promise<void> {
  for (const row of await ctx.db.selectFrom('tool_keys').selectAll().execute()) {
    const key = readSignatureKey(row.public_key_pem, row.name);
    compareRow(
      report,
      { chain: null, table: 'tool_keys', row: row.id },
      key ? { fingerprint: key.fingerprint, algorithm: key.algorithm } : { public_key_pem: 'a public key' },
      row,
    );
  }
}
