import { sha256 } from '@noble/hashes/sha2.js';
import { schemaIssues } from '../statements/schema-issues';
import { canonicalJson } from '../statements/dsse';
import type { Statement } from '../statements/statement';
import { type BundleCheck, type BundleStep, type Trust, verifyBundle } from '../statements/verify-bundle';
import { digestAt } from '../chain/digest-bytes';
import { type Checkpoint, parseCheckpoint, requireSignature } from './checkpoint';
import { leafHash } from './hash';
import { RecordProof } from './record-proof';
import { type NoteKey, noteKeyId } from './signed-note';
import { parseTlogProof } from './tlog-proof';
import { rootFromInclusion } from './verify';

export type RecordProofStep = { id: 'proof' | 'inclusion' | 'checkpoint' | 'head' | 'entry' | BundleStep['id']; title: string; ok: boolean; detail: string };
export type RecordProofCheck = {
  ok: boolean;
  steps: RecordProofStep[];
  /** Null unless the file is a record proof. */
  record: { ordinal: number; line: Uint8Array; treeSize: number } | null;
  /** Null when the file holds no bundle, or nobody said whom to trust for it. */
  bundle: BundleCheck | null;
  /** Signed times of cosignatures on the log's checkpoint, RFC 3339 UTC. */
  cosignedAt: { witness: string; at: string }[];
};

export type RecordProofTrust = {
  /** Whom the bundle must be signed by; null leaves the bundle unread. */
  trust: Trust | null;
  /** The log's verifier key, which signs chains of the same host too. None leaves signatures of checkpoints unchecked. Keys of witnesses: one of them must have cosigned the log. */
  checkpointKeys: readonly NoteKey[];
};

const TITLES = {
  proof: 'The file is a record proof',
  inclusion: 'The record is in the tree with this head',
  checkpoint: 'The head is signed as a checkpoint of the chain',
  head: 'The signed statement names this head',
  entry: 'The transparency log tells of the bundle',
} as const;

/**
 * Checks a record proof. It holds when every step does and somebody who is trusted signed the head: who signed the bundle, or the log.
 * Never throws for bad input; a step that fails says what was compared.
 */
export function verifyRecordProof(json: unknown, { trust, checkpointKeys }: RecordProofTrust): RecordProofCheck {
  const steps: RecordProofStep[] = [];
  const step = (id: keyof typeof TITLES, run: () => string): boolean => {
    const told = attempt(run);
    steps.push({ id, title: TITLES[id], ...told });
    return told.ok;
  };
  const parsed = RecordProof.safeParse(json);
  if (!parsed.success) {
    step('proof', () => fail(schemaIssues(parsed.error.issues)));
    return { ok: false, steps, record: null, bundle: null, cosignedAt: [] };
  }
  const proof = parsed.data;
  const { record, tree } = proof;
  const logKeys = checkpointKeys.filter(({ kind }) => kind === 'ed25519');
  const witnessKeys = checkpointKeys.filter(({ kind }) => kind === 'cosignature');
  step('proof', () => `record ${record.ordinal}, ${record.line.length} bytes, of a chain of ${tree.size} records`);
  step('inclusion', () => checkInclusion(proof));
  const byLog = step('checkpoint', () => checkCheckpoint(proof, logKeys)) && logKeys.length > 0;

  const bundle = proof.bundle && trust ? verifyBundle(proof.bundle, { trust }) : null;
  if (bundle) {
    steps.push(...bundle.steps);
    step('head', () => checkHead(bundle.statement, tree));
  }
  const cosignedAt: RecordProofCheck['cosignedAt'] = [];
  if ((proof.log && logKeys.length > 0) || witnessKeys.length > 0) step('entry', () => checkEntry(proof, logKeys, witnessKeys, cosignedAt));
  if (!bundle && !byLog) step('head', () => fail('nobody who is trusted signed the head: give the public key or trusted root of the bundle, or the verifier key of the log'));
  return { ok: steps.every(({ ok }) => ok), steps, record: { ordinal: record.ordinal, line: record.line, treeSize: tree.size }, bundle, cosignedAt };
}

function checkInclusion({ record, tree, hashes }: RecordProof): string {
  const root = rootFromInclusion({ index: record.ordinal, size: tree.size, leafHash: leafHash(record.line), hashes });
  if (!root) throw new Error(`${hashes.length} hashes are not what proves record ${record.ordinal} of ${tree.size}`);
  expectSame('root of the tree', tree.rootHash, digestAt(root, 0));
  return `its hash and ${hashes.length} others lead to the root ${tree.rootHash} over ${tree.size} records`;
}

function checkCheckpoint({ checkpoint: text, tree }: RecordProof, logKeys: readonly NoteKey[]): string {
  const checkpoint = parseCheckpoint(text);
  expectSame('size in the checkpoint', String(tree.size), String(checkpoint.size));
  expectSame('root in the checkpoint', tree.rootHash, digestAt(checkpoint.rootHash, 0));
  if (logKeys.length === 0) return `${checkpoint.origin} of ${checkpoint.size} records; its signature was not checked, for want of the log's verifier key`;
  const key = keyFor(checkpoint, logKeys);
  requireSignature(checkpoint.note, key);
  return `signed as ${checkpoint.origin} with key ${key.id}`;
}

/** The key under the name of the checkpoint; the log's key signs for the chains of its host under their names. */
function keyFor({ origin }: Checkpoint, keys: readonly NoteKey[]): NoteKey {
  const named = keys.find(({ name }) => name === origin);
  if (named) return named;
  const log = keys.find(({ name }) => name.endsWith('/tlog') && origin.startsWith(`${name.slice(0, -'tlog'.length)}chains/`));
  if (!log) throw new Error(`the checkpoint is of ${origin}; the keys given are of ${keys.map(({ name }) => name).join(', ')}`);
  return { ...log, name: origin, id: noteKeyId(origin, log.kind, log.publicKey) };
}

function checkHead(statement: Statement | null, { size, rootHash }: RecordProof['tree']): string {
  if (!statement) throw new Error('not checked: there is no proven statement');
  const heads = statement.subject.filter(({ annotations }) => isTree(annotations));
  const named = heads.find(({ digest, annotations }) => digest.sha256 === rootHash && isTree(annotations) && annotations.size === size);
  if (!named) throw new Error(`expected a subject of ${size} records with root ${rootHash}, found ${heads.map(({ digest }) => digest.sha256).join(', ') || 'no head of a tree'}`);
  return `subject "${named.name ?? ''}" is the root ${rootHash} over ${size} records`;
}

function isTree(annotations: unknown): annotations is { tree: string; size: number } {
  return typeof annotations === 'object' && annotations !== null && 'tree' in annotations && annotations.tree === 'RFC 6962' && 'size' in annotations && typeof annotations.size === 'number';
}

function checkEntry({ log, bundle }: RecordProof, logKeys: readonly NoteKey[], witnessKeys: readonly NoteKey[], cosignedAt: RecordProofCheck['cosignedAt']): string {
  if (!log) throw new Error('the proof holds no entry of the log, which witnesses would have cosigned');
  if (!bundle) throw new Error('there is an entry of the log and no bundle it could be about');
  const { index, hashes, checkpoint: text } = parseTlogProof(log.proof);
  const checkpoint = parseCheckpoint(text);
  const key = logKeys.find(({ name }) => name === checkpoint.origin);
  if (!key) throw new Error(`the entry is in the log ${checkpoint.origin}; the keys given are of ${logKeys.map(({ name }) => name).join(', ')}`);
  requireSignature(checkpoint.note, key);
  const root = rootFromInclusion({ index, size: checkpoint.size, leafHash: leafHash(log.entry), hashes });
  expectSame('root of the log', digestAt(checkpoint.rootHash, 0), root ? digestAt(root, 0) : 'a proof of another shape');
  // Bundles are stored, and so logged, in canonical form with a newline.
  const digest = digestAt(sha256(new TextEncoder().encode(`${canonicalJson(bundle)}\n`)), 0);
  const entry: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(log.entry));
  const told = typeof entry === 'object' && entry !== null && 'kind' in entry && entry.kind === 'attestation' && 'bundleSha256' in entry ? entry.bundleSha256 : 'no bundle';
  expectSame('bundle the entry tells of', digest, String(told));
  const witnesses = witnessKeys.filter((witness) => checkpoint.note.signatures.some(({ name, id }) => name === witness.name && id === witness.id));
  for (const witness of witnesses) cosignedAt.push({ witness: witness.name, at: requireSignature(checkpoint.note, witness).at ?? '' });
  if (witnessKeys.length > 0 && witnesses.length === 0) throw new Error(`none of the witnesses given, ${witnessKeys.map(({ name }) => name).join(', ')}, cosigned the log`);
  const cosigned = cosignedAt.map(({ witness, at }) => `, cosigned by ${witness} at ${at}`).join('');
  return `entry ${index} of ${checkpoint.size} in ${checkpoint.origin}${cosigned}`;
}

function attempt(run: () => string): { ok: boolean; detail: string } {
  try {
    return { ok: true, detail: run() };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function fail(message: string): never {
  throw new Error(message);
}

function expectSame(what: string, expected: string, found: string): void {
  if (expected !== found) throw new Error(`${what}: expected ${expected}, found ${found}`);
}
