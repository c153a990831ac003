import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { parseCheckpoint, requireSignature } from '../core/merkle/checkpoint';
import { createGrowingTree } from '../core/merkle/growing-tree';
import { leafHash } from '../core/merkle/hash';
import { type NoteKey, formatVerifierKey, parseVerifierKey } from '../core/merkle/signed-note';
import { TILE_WIDTH, foldHashes } from '../core/merkle/tiles';
import type { Reporter } from './drift';

const PAGE = 1000;

/** Whether the log's entries give every head that was signed, and tell of every bundle on record and of no other. */
export async function examineLog(ctx: Context, report: Reporter): Promise<void> {
  const altered = (what: string, expected: string, found: string) => report.drift({ kind: 'log-altered', chain: null, what, expected, found });
  const heads = await ctx.db.selectFrom('log_checkpoints').select(['size', 'root_hash', 'note']).orderBy('size').execute();
  const identity = await ctx.db.selectFrom('log_identity').select(['origin', 'public_key']).executeTakeFirst();
  const key = identity ? parseVerifierKey(formatVerifierKey(identity.origin, 'ed25519', identity.public_key)) : null;
  for (const head of heads) {
    const problem = problemOf(head, key);
    if (problem) altered(`checkpoint of ${head.size} entries of the log`, 'a checkpoint the log signed', problem);
  }

  const tree = createGrowingTree();
  const due = heads.map(({ size, root_hash: root }) => ({ size, root: root.toString('hex') }));
  for await (const { index, entry, hash } of entries(ctx)) {
    if (index !== tree.size) return altered(`entry ${tree.size} of the log`, 'an entry', 'none');
    if (!hash.equals(leafHash(entry))) altered(`entry ${index} of the log`, hash.toString('hex'), Buffer.from(leafHash(entry)).toString('hex'));
    tree.push(leafHash(entry));
    while (due[0] && due[0].size <= tree.size) {
      const head = due.shift();
      const root = Buffer.from(tree.root()).toString('hex');
      if (head && head.root !== root) altered(`the log up to ${head.size} entries`, head.root, root);
    }
  }
  for (const head of due) altered(`the log up to ${head.size} entries`, `${head.size} entries`, `${tree.size} entries`);
  await examineTiles(ctx, altered);
  await examineAbout(ctx, report);
}

function problemOf({ size, root_hash: root, note }: { size: number; root_hash: Buffer; note: string }, key: NoteKey | null): string | null {
  try {
    const checkpoint = parseCheckpoint(note);
    if (!key) return 'no key of the log is on record';
    requireSignature(checkpoint.note, key);
    return checkpoint.size === size && root.equals(checkpoint.rootHash) && checkpoint.origin === key.name ? null : 'a checkpoint of something else';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function* entries(ctx: Context) {
  for (let after = -1; ; ) {
    const rows = await ctx.db.selectFrom('log_entries').select(['index', 'entry', 'leaf_hash as hash']).where('index', '>', after).orderBy('index').limit(PAGE).execute();
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.index;
  }
}

/** Each tile's root against the hashes under it. */
async function examineTiles(ctx: Context, altered: (what: string, expected: string, found: string) => void): Promise<void> {
  const tiles = await ctx.db.selectFrom('log_tiles').selectAll().orderBy('level').orderBy('index').execute();
  for (const { level, index, hash } of tiles) {
    const [from, to] = [index * TILE_WIDTH, (index + 1) * TILE_WIDTH];
    const under =
      level === 0
        ? await ctx.db.selectFrom('log_entries').select('leaf_hash as hash').where('index', '>=', from).where('index', '<', to).orderBy('index').execute()
        : tiles.filter((tile) => tile.level === level - 1 && tile.index >= from && tile.index < to);
    const root = under.length === TILE_WIDTH ? Buffer.from(foldHashes(Buffer.concat(under.map((one) => one.hash)))) : null;
    if (!root?.equals(hash)) altered(`tile ${index} of level ${level} of the log`, hash.toString('hex'), root?.toString('hex') ?? `${under.length} hashes under it`);
  }
}

/** Attestations, their bundles and their withdrawals against the entries about them. */
async function examineAbout(ctx: Context, report: Reporter): Promise<void> {
  // An entry is canonical JSON and names its bundle's digest; one that was altered need not be JSON any more.
  const { rows } = await sql<{ kind: 'log-altered' | 'log-lacks'; chain: string | null; what: string; expected: string; found: string }>`
    SELECT 'log-lacks' AS kind, c.name AS chain, 'bundle ' || b.digest AS what, 'an entry' AS expected, 'none' AS found
      FROM attestation_bundles b JOIN attestations a ON a.id = b.attestation_id LEFT JOIN chains c ON c.id = a.chain_id
      WHERE NOT EXISTS (SELECT FROM log_entries e WHERE e.kind = 'attestation' AND e.about = a.id::text AND position(convert_to(b.digest, 'UTF8') IN e.entry) > 0)
    UNION ALL
    SELECT 'log-lacks', c.name, 'the withdrawal of attestation ' || a.id, 'an entry', 'none'
      FROM attestations a LEFT JOIN chains c ON c.id = a.chain_id
      WHERE a.withdrawn_at IS NOT NULL AND NOT EXISTS (SELECT FROM log_entries e WHERE e.kind = 'revocation' AND e.about = a.id::text)
    UNION ALL
    SELECT 'log-altered', NULL, 'entry ' || e.index || ' of the log', 'the bundle it tells of on record', 'none'
      FROM log_entries e WHERE e.kind = 'attestation'
      AND NOT EXISTS (SELECT FROM attestation_bundles b WHERE b.attestation_id::text = e.about AND position(convert_to(b.digest, 'UTF8') IN e.entry) > 0)`.execute(ctx.db);
  for (const row of rows) report.drift(row);
}
