import { sha256 } from '@noble/hashes/sha2.js';
import { schemaIssues } from '../statements/schema-issues';
import { canonicalJson } from '../statements/dsse';
import type { Statement } from '../statements/statement';
import { type Check, type CheckResult, Refusal, failed, isMet, passed, runCheck, skipped } from '../checks/check';
import type { StepId } from '../checks/steps';
import { type BundleCheck, type Trust, verifyBundle } from '../statements/verify-bundle';
import { digestAt } from '../chain/digest-bytes';
import { type Checkpoint, parseCheckpoint, requireSignature } from './checkpoint';
import { leafHash } from './hash';
import { RecordProof } from './record-proof';
import { type NoteKey, noteKeyId } from './signed-note';
import { parseTlogProof } from './tlog-proof';
import { rootFromInclusion } from './verify';

export type RecordProofCheck = {
  ok: boolean;
  steps: Check[];
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

/**
 * Checks a record proof. It holds when every step does and somebody who is trusted signed the head: who signed the bundle, or the log.
 * Never throws for bad input; a step that fails says what was compared.
 */
export function verifyRecordProof(json: unknown, { trust, checkpointKeys }: RecordProofTrust): RecordProofCheck {
  const steps: Check[] = [];
  const step = (id: StepId, run: () => CheckResult): CheckResult => {
    const result = runCheck(run);
    steps.push({ step: id, ...result });
    return result;
  };
  const parsed = RecordProof.safeParse(json);
  if (!parsed.success) {
    step('proof', () => failed({ code: 'no-proof', issues: schemaIssues(parsed.error.issues) }));
    return { ok: false, steps, record: null, bundle: null, cosignedAt: [] };
  }
  const proof = parsed.data;
  const { record, tree } = proof;
  const logKeys = checkpointKeys.filter(({ kind }) => kind === 'ed25519');
  const witnessKeys = checkpointKeys.filter(({ kind }) => kind === 'cosignature');
  step('proof', () =>
    passed({ code: 'proof-reads', ordinal: record.ordinal, sizeBytes: record.line.length, records: tree.size }),
  );
  step('inclusion', () => checkInclusion(proof));
  const isByLog = step('checkpoint', () => checkCheckpoint(proof, logKeys)).status === 'passed';

  const bundle = proof.bundle && trust ? verifyBundle(proof.bundle, { trust }) : null;
  if (bundle) {
    steps.push(...bundle.steps);
    step('head', () => checkHead(bundle.statement, tree));
  }
  const cosignedAt: RecordProofCheck['cosignedAt'] = [];
  if ((proof.log && logKeys.length > 0) || witnessKeys.length > 0)
    step('entry', () => checkEntry(proof, logKeys, witnessKeys, cosignedAt));
  if (!bundle && !isByLog) step('head', () => skipped({ code: 'nobody-trusted' }));
  return {
    ok: steps.every(isMet),
    steps,
    record: { ordinal: record.ordinal, line: record.line, treeSize: tree.size },
    bundle,
    cosignedAt,
  };
}

function checkInclusion({ record, tree, hashes }: RecordProof): CheckResult {
  const root = rootFromInclusion({ index: record.ordinal, size: tree.size, leafHash: leafHash(record.line), hashes });
  if (!root)
    return failed({ code: 'wrong-hashes', hashes: hashes.length, ordinal: record.ordinal, records: tree.size });
  expectSame('tree-root', tree.rootHash, digestAt(root, 0));
  return passed({ code: 'included', hashes: hashes.length, rootHash: tree.rootHash, records: tree.size });
}

function checkCheckpoint({ checkpoint: text, tree }: RecordProof, logKeys: readonly NoteKey[]): CheckResult {
  const checkpoint = parseCheckpoint(text);
  expectSame('checkpoint-size', String(tree.size), String(checkpoint.size));
  expectSame('checkpoint-root', tree.rootHash, digestAt(checkpoint.rootHash, 0));
  if (logKeys.length === 0) return skipped({ code: 'no-log-key', origin: checkpoint.origin, size: checkpoint.size });
  const key = keyFor(checkpoint, logKeys);
  requireSignature(checkpoint.note, key);
  return passed({ code: 'checkpoint-signed', origin: checkpoint.origin, keyId: key.id });
}

/** The key under the name of the checkpoint; the log's key signs for the chains of its host under their names. */
function keyFor({ origin }: Checkpoint, keys: readonly NoteKey[]): NoteKey {
  const named = keys.find(({ name }) => name === origin);
  if (named) return named;
  const log = keys.find(
    ({ name }) => name.endsWith('/tlog') && origin.startsWith(`${name.slice(0, -'tlog'.length)}chains/`),
  );
  if (!log) throw new Refusal({ code: 'checkpoint-of-another', origin, known: keys.map(({ name }) => name) });
  return { ...log, name: origin, id: noteKeyId(origin, log.kind, log.publicKey) };
}

function checkHead(statement: Statement | null, { size, rootHash }: RecordProof['tree']): CheckResult {
  if (!statement) return skipped({ code: 'no-proven-statement' });
  const heads = statement.subject.filter(({ annotations }) => isTree(annotations));
  const named = heads.find(
    ({ digest, annotations }) => digest.sha256 === rootHash && isTree(annotations) && annotations.size === size,
  );
  if (!named)
    return failed({
      code: 'head-not-named',
      rootHash,
      records: size,
      named: heads.map(({ digest }) => digest.sha256 ?? null),
    });
  return passed({ code: 'head-named', name: named.name ?? '', rootHash, records: size });
}

function isTree(annotations: unknown): annotations is { tree: string; size: number } {
  return (
    typeof annotations === 'object' &&
    annotations !== null &&
    'tree' in annotations &&
    annotations.tree === 'RFC 6962' &&
    'size' in annotations &&
    typeof annotations.size === 'number'
  );
}

function checkEntry(
  { log, bundle }: RecordProof,
  logKeys: readonly NoteKey[],
  witnessKeys: readonly NoteKey[],
  cosignedAt: RecordProofCheck['cosignedAt'],
): CheckResult {
  if (!log) return failed({ code: 'no-entry' });
  if (!bundle) return failed({ code: 'entry-without-bundle' });
  const { index, hashes, checkpoint: text } = parseTlogProof(log.proof);
  const checkpoint = parseCheckpoint(text);
  const key = logKeys.find(({ name }) => name === checkpoint.origin);
  if (!key)
    return failed({ code: 'entry-of-another-log', origin: checkpoint.origin, known: logKeys.map(({ name }) => name) });
  requireSignature(checkpoint.note, key);
  const root = rootFromInclusion({ index, size: checkpoint.size, leafHash: leafHash(log.entry), hashes });
  expectSame('log-root', digestAt(checkpoint.rootHash, 0), root ? digestAt(root, 0) : 'a proof of another shape');
  // Bundles are stored, and so logged, in canonical form with a newline.
  const digest = digestAt(sha256(new TextEncoder().encode(`${canonicalJson(bundle)}\n`)), 0);
  const entry: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(log.entry));
  const reported =
    typeof entry === 'object' &&
    entry !== null &&
    'kind' in entry &&
    entry.kind === 'attestation' &&
    'bundleSha256' in entry
      ? entry.bundleSha256
      : 'no bundle';
  expectSame('entry-bundle', digest, String(reported));
  const witnesses = witnessKeys.filter((witness) =>
    checkpoint.note.signatures.some(({ name, id }) => name === witness.name && id === witness.id),
  );
  for (const witness of witnesses)
    cosignedAt.push({ witness: witness.name, at: requireSignature(checkpoint.note, witness).at ?? '' });
  if (witnessKeys.length > 0 && witnesses.length === 0)
    return failed({ code: 'not-cosigned', witnesses: witnessKeys.map(({ name }) => name) });
  return passed({
    code: 'entry-included',
    index,
    size: checkpoint.size,
    origin: checkpoint.origin,
    cosignedAt: [...cosignedAt],
  });
}

function expectSame(
  part: Extract<Refusal['reason'], { code: 'proof-differs' }>['part'],
  expected: string,
  found: string,
): void {
  if (expected !== found) throw new Refusal({ code: 'proof-differs', part, expected, found });
}
