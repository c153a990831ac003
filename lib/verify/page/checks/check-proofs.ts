import { passed, reasonOf, runCheck } from '../../../core/checks/check';
import { headOf } from '../../log/head';
import { endsInNewline, withoutNewline } from '../../../core/bytes/newline';
import { digestAt } from '../../../core/chain/digest-bytes';
import type { Hasher } from '../../../core/chain/format';
import { isObject } from '../../../core/formats/read-line';
import { parseCheckpoint, requireSignature } from '../../../core/merkle/checkpoint';
import { leafHash } from '../../../core/merkle/hash';
import { RecordProof } from '../../../core/merkle/record-proof';
import { type NoteKey, parseVerifierKey } from '../../../core/merkle/signed-note';
import { parseTlogProof } from '../../../core/merkle/tlog-proof';
import { rootFromInclusion } from '../../../core/merkle/verify';
import { verifyRecordProof } from '../../../core/merkle/verify-record-proof';
import type { Item } from '../item';
import type { Checked, Row } from '../outcome';
import type { TrustMaterial } from '../trust/trust-material';
import { type ProvenRecord, compareRecord } from './compare-record';
import { rowOf, signerRow, trustFor } from './check-bundle';
import { figure } from '../../../core/text/words';

/** What a leaf that is looked for among the files may hold at most. */
const MAX_LEAF_BYTES = 1024 * 1024;

/** Every proof that one record, or one entry, is in a tree whose head is signed. */
export async function verifyProofs(
  items: readonly Item[],
  trustMaterial: TrustMaterial,
  { chains, hasher }: { chains: readonly (readonly Item[])[]; hasher: Hasher },
): Promise<{
  checked: Checked<Row>[];
  /** Logs that hold a record that is proven, by the proof. */
  held: Map<Item, readonly Item[]>;
}> {
  const checked: Checked<Row>[] = [];
  const held = new Map<Item, readonly Item[]>();
  for (const item of items) {
    if (item.what.kind === 'record-proof') {
      const { record, ...proof } = recordProof(item, item.what.json, trustMaterial);
      const compared = record && (await compareRecord(record, chains, hasher));
      if (compared && compared.rows.every(({ status }) => status === 'passed')) held.set(item, compared.items);
      checked.push({ ...proof, rows: [...proof.rows, ...(compared?.rows ?? [])] });
    }
    if (item.what.kind === 'tlog-proof') checked.push(await tlogProof(item, item.what.text, items, trustMaterial));
  }
  return { checked, held };
}

function recordProof(
  item: Item,
  json: unknown,
  trustMaterial: TrustMaterial,
): Checked<Row> & { record: ProvenRecord | null } {
  const bundle = isObject(json) && isObject(json.bundle) ? json.bundle : null;
  const found = bundle && trustFor(bundle, trustMaterial);
  const check = verifyRecordProof(json, { trust: found?.trust ?? null, checkpointKeys: keysOf(trustMaterial) });
  const isOwn =
    trustMaterial.checkpointKeys.length > 0 && trustMaterial.checkpointKeys.every(({ origin }) => origin.selfAttested);
  const isSigned = check.bundle?.signedBy !== null && check.bundle !== null;
  const rows = check.steps.map((step): Row => {
    const row = rowOf(step, found?.trust.keys.length !== 0);
    // Who signed the bundle vouches for the head, whoever signed it besides.
    if ((step.step === 'checkpoint' || step.step === 'entry') && row.status === 'passed' && isOwn)
      return { ...selfAttested(row), isMore: isSigned };
    return step.step === 'checkpoint' && row.status === 'skipped' && isSigned ? { ...row, isMore: true } : row;
  });
  if (found && check.bundle?.signedBy) rows.push(signerRow(check.bundle.signedBy, found.origin));
  const words =
    check.record &&
    `Record ${figure(check.record.ordinal)} was in a chain of ${figure(check.record.treeSize)} records when its head was signed; it says nothing of the other records`;
  return {
    id: item.id,
    kind: 'proof',
    title: 'Proof of one record',
    file: item.source.name,
    rows,
    says:
      words === null
        ? null
        : {
            words,
            facts: check.cosignedAt.map(({ witness, at }) => ({ label: 'Witnessed', value: `by ${witness} at ${at}` })),
            proven: check.ok && (found ? !found.origin.selfAttested : !isOwn),
          },
    record: check.record && isObject(json) ? { ...check.record, tree: RecordProof.shape.tree.parse(json.tree) } : null,
    content: check.record && { label: 'The record', text: new TextDecoder().decode(check.record.line) },
  };
}

/** A C2SP proof does not hold what it is about: that is looked for among the other files. */
async function tlogProof(
  item: Item,
  text: string,
  items: readonly Item[],
  trustMaterial: TrustMaterial,
): Promise<Checked<Row>> {
  const rows: Row[] = [];
  let words: string | null = null;
  try {
    const { index, hashes, checkpoint: note, extra } = parseTlogProof(text);
    const checkpoint = parseCheckpoint(note);
    words = `Entry ${figure(index)} of the ${figure(checkpoint.size)} in ${checkpoint.origin}`;
    const root = digestAt(checkpoint.rootHash, 0);
    const leads = (leaf: Uint8Array) => {
      const found = rootFromInclusion({ index, size: checkpoint.size, leafHash: leafHash(leaf), hashes });
      return found !== null && digestAt(found, 0) === root;
    };
    const isCarried = extra !== null && leads(extra);
    const file = isCarried ? null : await leafAmong(items, item, leads);
    rows.push(
      isCarried || file !== null
        ? {
            step: 'leaf',
            status: 'passed',
            reason: { code: 'leaf-included', file, hashes: hashes.length, rootHash: root },
          }
        : { step: 'leaf', status: 'skipped', reason: { code: 'leaf-not-here' } },
      checkpointRow(note, trustMaterial),
    );
  } catch (error) {
    rows.push({ step: 'tlog-proof', status: 'failed', reason: reasonOf(error) });
  }
  const says = words === null ? null : { words, facts: [], proven: rows.every(({ status }) => status === 'passed') };
  return { id: item.id, kind: 'proof', title: 'Proof of an entry', file: item.source.name, rows, says, content: null };
}

function checkpointRow(text: string, trustMaterial: TrustMaterial): Row {
  const step = 'tree-head';
  const { origin, note } = parseCheckpoint(text);
  // One that was given by itself goes before one of the same name in a package.
  const named = trustMaterial.checkpointKeys
    .toSorted((a, b) => Number(a.origin.selfAttested) - Number(b.origin.selfAttested))
    .filter(({ line }) => line.startsWith(`${origin}+`));
  const [key] = keysOf({ checkpointKeys: named });
  if (!key) return { step, status: 'skipped', reason: { code: 'log-key-not-here', origin } };
  const row: Row = {
    step,
    ...runCheck(() => {
      requireSignature(note, key);
      return passed({ code: 'checkpoint-signed', origin, keyId: key.id });
    }),
  };
  // What is logged is signed besides: the log adds when, and that it was not taken back.
  return row.status === 'passed' && named[0]?.origin.selfAttested ? { ...selfAttested(row), isMore: true } : row;
}

/** The key of the log came with the proof. */
function selfAttested(row: Row): Row {
  return { ...row, status: 'skipped', isSelfAttested: true };
}

async function leafAmong(
  items: readonly Item[],
  proof: Item,
  leads: (leaf: Uint8Array) => boolean,
): Promise<string | null> {
  for (const item of items) {
    if (item === proof || item.source.sizeBytes > MAX_LEAF_BYTES || item.what.kind === 'unreadable') continue;
    const { bytes } = await headOf(item.source.open(), MAX_LEAF_BYTES);
    if (leads(bytes) || (endsInNewline(bytes) && leads(withoutNewline(bytes)))) return item.source.name;
  }
  return null;
}

/** Those that can be read; the others are told with their files. */
function keysOf({ checkpointKeys }: Pick<TrustMaterial, 'checkpointKeys'>): NoteKey[] {
  return checkpointKeys.flatMap(({ line }) => {
    try {
      return [parseVerifierKey(line)];
    } catch {
      return [];
    }
  });
}
