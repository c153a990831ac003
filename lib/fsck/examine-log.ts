import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import { parseCheckpoint, requireSignature } from '../core/merkle/checkpoint';
import { createGrowingTree } from '../core/merkle/growing-tree';
import { HASH_BYTES, leafHash } from '../core/merkle/hash';
import { type NoteKey, formatVerifierKey, parseNoteSignatures, parseVerifierKey } from '../core/merkle/signed-note';
import { TILE_WIDTH, foldHashes } from '../core/merkle/tiles';
import { knownHead } from '../attest/log/known-head';
import { readLogKey } from '../attest/log/log-key';
import { compareRow } from './compare';
import type { Reporter } from './drift';
import { readEntry } from './logged-entries';

const PAGE = 1000;

/** Whether the log's entries give every head that was signed, and tell of every bundle on record and of no other. */
export async function examineLog(ctx: Context, report: Reporter): Promise<void> {
  const altered = (what: string, expected: string, found: string) =>
    report.drift({ kind: 'log-altered', chain: null, what, expected, found });
  const heads = await ctx.db
    .selectFrom('log_checkpoints')
    .select(['size', 'root_hash', 'note'])
    .orderBy('size')
    .execute();
  const identity = await ctx.db.selectFrom('log_identity').select(['origin', 'public_key']).executeTakeFirst();
  const key = identity ? keyOf(identity.origin, identity.public_key) : null;
  for (const head of heads) {
    const problem = problemOf(head, key);
    if (problem) altered(`checkpoint of ${head.size} entries of the log`, 'a checkpoint the log signed', problem);
  }

  const tree = createGrowingTree();
  const due = heads.map(({ size, root_hash: root }) => ({ size, root: root.toString('hex') }));
  for await (const { index, kind, about, entry, hash, at } of entries(ctx)) {
    if (index !== tree.size) return altered(`entry ${tree.size} of the log`, 'an entry', 'none');
    compareEntry({ index, kind, about, entry, leaf_hash: hash, appended_at: at }, report);
    if (!hash.equals(leafHash(entry)))
      altered(`entry ${index} of the log`, hash.toString('hex'), Buffer.from(leafHash(entry)).toString('hex'));
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
  await examineIdentity(ctx, identity ?? null, tree, report);
  await examineCosignatures(ctx, report);
  await examineChainHeads(ctx, identity ?? null, report);
}

function problemOf(
  { size, root_hash: root, note }: { size: number; root_hash: Buffer; note: string },
  key: NoteKey | null,
): string | null {
  try {
    const checkpoint = parseCheckpoint(note);
    if (!key) return 'no key of the log is on record';
    requireSignature(checkpoint.note, key);
    return checkpoint.size === size && root.equals(checkpoint.rootHash) && checkpoint.origin === key.name
      ? null
      : 'a checkpoint of something else';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function* entries(ctx: Context) {
  for (let after = -1; ; ) {
    const rows = await ctx.db
      .selectFrom('log_entries')
      .select(['index', 'kind', 'about', 'entry', 'leaf_hash as hash', 'appended_at as at'])
      .where('index', '>', after)
      .orderBy('index')
      .limit(PAGE)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.index;
  }
}

/** Null when what is on record is no key. */
function keyOf(name: string, publicKey: Buffer): NoteKey | null {
  try {
    return parseVerifierKey(formatVerifierKey(name, 'ed25519', publicKey));
  } catch {
    return null; // which is reported of the identity
  }
}

type EntryRow = { index: number; kind: string; about: string; entry: Buffer; leaf_hash: Buffer; appended_at: Date };

/** Its member that says what an entry is about, by kind, where it is no attestation. */
const ABOUT: Record<string, string> = {
  package: 'packageSha256',
  'report-run': 'runSha256',
  tombstone: 'tombstoneSha256',
  key: 'keyHint',
};

/** What the columns of an entry repeat of it. */
function compareEntry(row: EntryRow, report: Reporter): void {
  const said = readEntry(row);
  if (!said) return;
  const about = said[ABOUT[said.kind] ?? 'attestationId'];
  compareRow(
    report,
    { chain: null, table: 'log_entries', row: String(row.index) },
    { kind: said.kind, about, appended_at: new Date(said.at) },
    row,
  );
}

type Identity = { origin: string; public_key: Buffer };

/** The log's name and key against the key of this host and the head it keeps outside of the database. */
async function examineIdentity(
  ctx: Context,
  identity: Identity | null,
  tree: { size: number },
  report: Reporter,
): Promise<void> {
  const place = { chain: null, table: 'log_identity', row: '1' };
  const [key, head] = [await readLogKey(ctx.env.logKeyFile), await knownHead(ctx)];
  if (identity && key) compareRow(report, place, { public_key: Buffer.from(key.publicKey) }, identity);
  if (!head) return;
  compareRow(report, place, { origin: head.origin }, identity ?? { origin: null });
  const row = await ctx.db
    .selectFrom('log_checkpoints')
    .select(['size', 'root_hash'])
    .where('size', '=', head.size)
    .executeTakeFirst();
  compareRow(
    report,
    { chain: null, table: 'log_checkpoints', row: String(head.size) },
    { size: head.size, root_hash: Buffer.from(head.rootHash) },
    row ?? {},
  );
  if (tree.size < head.size)
    report.drift({
      kind: 'log-altered',
      chain: null,
      what: 'entries of the log',
      expected: `${head.size}, as this host remembers`,
      found: String(tree.size),
      at: { table: 'log_entries', row: '*', column: '*' },
    });
}

/** Every cosignature against the key of its witness. */
async function examineCosignatures(ctx: Context, report: Reporter): Promise<void> {
  const rows = await ctx.db
    .selectFrom('log_cosignatures as s')
    .leftJoin('log_checkpoints as h', 'h.size', 's.size')
    .select(['s.size', 's.verifier_key', 's.line', 's.cosigned_at', 'h.note'])
    .execute();
  for (const row of rows) {
    const held = verifiedCosignature(row);
    compareRow(
      report,
      { chain: null, table: 'log_cosignatures', row: `${row.size} ${row.verifier_key}` },
      { line: held ? row.line : 'a cosignature that holds', ...(held && { cosigned_at: new Date(held) }) },
      row,
    );
  }
}

function verifiedCosignature({
  note,
  line,
  verifier_key: key,
}: {
  note: string | null;
  line: string;
  verifier_key: string;
}): string | null {
  if (note === null) return null;
  try {
    return requireSignature(
      { ...parseCheckpoint(note).note, signatures: parseNoteSignatures(line) },
      parseVerifierKey(key),
    ).at;
  } catch {
    return null; // that it does not hold is the answer
  }
}

/** Every head of a chain that was signed, against the log's key. */
async function examineChainHeads(ctx: Context, identity: Identity | null, report: Reporter): Promise<void> {
  if (!identity) return;
  const rows = await ctx.db
    .selectFrom('chain_checkpoints as h')
    .leftJoin('chains as c', 'c.id', 'h.chain_id')
    .selectAll('h')
    .select('c.name')
    .execute();
  const host = identity.origin.replace(/\/tlog$/, '');
  for (const row of rows) {
    const origin = `${host}/chains/${row.chain_id}${row.epoch === 0 ? '' : `/${row.epoch}`}`;
    const place = { chain: row.name, table: 'chain_checkpoints', row: `${row.chain_id} ${row.epoch} ${row.size}` };
    try {
      const checkpoint = parseCheckpoint(row.note);
      requireSignature(
        checkpoint.note,
        parseVerifierKey(formatVerifierKey(checkpoint.origin, 'ed25519', identity.public_key)),
      );
      compareRow(
        report,
        place,
        { epoch: origin, size: checkpoint.size, root_hash: Buffer.from(checkpoint.rootHash) },
        { ...row, epoch: checkpoint.origin },
      );
    } catch (error) {
      compareRow(
        report,
        place,
        { note: 'a checkpoint the log signed' },
        { note: error instanceof Error ? error.message : String(error) },
      );
    }
  }
}

/** Each tile's root against the hashes under it. */
async function examineTiles(
  ctx: Context,
  altered: (what: string, expected: string, found: string) => void,
): Promise<void> {
  const tiles = await ctx.db.selectFrom('log_tiles').selectAll().orderBy('level').orderBy('index').execute();
  for (const { level, index, hash } of tiles) {
    const [from, to] = [index * TILE_WIDTH, (index + 1) * TILE_WIDTH];
    const under =
      level === 0
        ? await ctx.db
            .selectFrom('log_entries')
            .select('leaf_hash as hash')
            .where('index', '>=', from)
            .where('index', '<', to)
            .orderBy('index')
            .execute()
        : tiles.filter((tile) => tile.level === level - 1 && tile.index >= from && tile.index < to);
    const root =
      under.length === TILE_WIDTH && under.every(({ hash: one }) => one.length === HASH_BYTES)
        ? Buffer.from(foldHashes(Buffer.concat(under.map((one) => one.hash))))
        : null;
    if (!root?.equals(hash))
      altered(
        `tile ${index} of level ${level} of the log`,
        hash.toString('hex'),
        root?.toString('hex') ?? `${under.length} hashes under it`,
      );
  }
}

/** Attestations, their bundles and their withdrawals against the entries about them. */
async function examineAbout(ctx: Context, report: Reporter): Promise<void> {
  // An entry is canonical JSON and names its bundle's digest; one that was altered need not be JSON any more.
  const { rows } = await sql<{
    kind: 'log-altered' | 'log-lacks';
    chain: string | null;
    what: string;
    expected: string;
    found: string;
    attestation: string | null;
  }>`
    SELECT 'log-lacks' AS kind, c.name AS chain, 'bundle ' || b.digest AS what, 'an entry' AS expected, 'none' AS found, NULL AS attestation
      FROM attestation_bundles b JOIN attestations a ON a.id = b.attestation_id LEFT JOIN chains c ON c.id = a.chain_id
      WHERE NOT EXISTS (SELECT FROM log_entries e WHERE e.kind = 'attestation' AND e.about = a.id::text AND position(convert_to(b.digest, 'UTF8') IN e.entry) > 0)
    UNION ALL
    SELECT 'log-lacks', c.name, 'the withdrawal of attestation ' || a.id, 'an entry', 'none', a.id::text
      FROM attestations a LEFT JOIN chains c ON c.id = a.chain_id
      WHERE a.withdrawn_at IS NOT NULL AND NOT EXISTS (SELECT FROM log_entries e WHERE e.kind = 'revocation' AND e.about = a.id::text)
    UNION ALL
    SELECT 'log-altered', NULL, 'entry ' || e.index || ' of the log', 'the bundle it names on record', 'none', NULL
      FROM log_entries e WHERE e.kind = 'attestation'
      AND NOT EXISTS (SELECT FROM attestation_bundles b WHERE b.attestation_id::text = e.about AND position(convert_to(b.digest, 'UTF8') IN e.entry) > 0)`.execute(
    ctx.db,
  );
  for (const { attestation, ...row } of rows)
    report.drift({
      ...row,
      at: attestation === null ? null : { table: 'attestations', row: attestation, column: 'withdrawn_at' },
    });
}
