import type { Reason } from '../../../core/checks/reasons';
import type { Hasher } from '../../../core/chain/format';
import { formatById, recogniseFormat } from '../../../core/formats';
import type { ChainHead } from '../../../core/merkle/chain-root';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { eachRecord } from '../walk/each-record';
import { filesOf } from '../walk/rotated';
import { treeRoot } from '../walk/tree-head';
import { namesOf } from './find-chain';
import { compared } from '../../../core/checks/compared';

/** A record as a proof holds it: its line without the newline, and the head of the tree that it is proven to be in. */
export type ProvenRecord = { ordinal: number; line: Uint8Array; tree: ChainHead };

const CR = 0x0d;
const AROUND_BYTES = 16;

/** Whether the chains that are here hold a record at its place, byte for byte; null when none is here that begins at its beginning and is of its format. */
export async function compareRecord(
  { ordinal, line, tree }: ProvenRecord,
  chains: readonly (readonly Item[])[],
  hasher: Hasher,
): Promise<{ rows: Row[]; items: readonly Item[] } | null> {
  const where = { step: 'record-in-log', about: { ordinal } } as const;
  const format = recogniseFormat([line]);
  const whole = chains.filter(
    (items) => items[0]?.walk && (format === null || items[0].walk.format === format) && isFromBeginning(items),
  );
  const logs: Extract<Reason, { code: 'record-not-here' }>['logs'][number][] = [];
  for (const items of whole) {
    const found = await lineAt(items, ordinal, hasher);
    if (found && isSame(found, line))
      return {
        rows: [
          { ...where, status: 'passed', reason: { code: 'record-here', files: namesOf(items) } },
          await rootRow(tree, items, hasher),
        ],
        items,
      };
    logs.push({ files: namesOf(items), records: recordsIn(items), instead: found && difference(line, found) });
  }
  return logs.length === 0
    ? null
    : { rows: [{ ...where, status: 'failed', reason: { code: 'record-not-here', logs } }], items: [] };
}

/** The head that proves one record is of all of them. */
async function rootRow({ size, rootHash }: ChainHead, items: readonly Item[], hasher: Hasher): Promise<Row> {
  const records = recordsIn(items);
  if (records < size)
    return {
      step: 'tree-root',
      about: { records: size },
      status: 'failed',
      reason: { code: 'too-few-records', files: namesOf(items), records },
    };
  return compared('tree-root', rootHash, await treeRoot(filesOf(items), { size, hasher }), { records: size });
}

function isFromBeginning(items: readonly Item[]): boolean {
  const [file] = filesOf(items);
  const first = file?.walk.parts[0]?.check.first;
  if (!file || !first) return false;
  const { genesis, rotates } = formatById(file.walk.format);
  // Where each file begins a chain, the numbers that go on tell the first.
  if (rotates) return (first.sequence ?? 0) <= 1;
  return first.prev === genesis || first.prev === null || first.record > 0;
}

async function lineAt(items: readonly Item[], ordinal: number, hasher: Hasher): Promise<Uint8Array | null> {
  let found: Uint8Array | null = null;
  await eachRecord(filesOf(items), { hasher, from: ordinal, to: ordinal + 1 }, ({ line: { bytes, crlf } }) => {
    // A leaf is the line up to its newline, a CR among it.
    found = crlf ? Uint8Array.from([...bytes, CR]) : Uint8Array.from(bytes);
  });
  return found;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Where two lines part, with what each has there. */
function difference(proven: Uint8Array, found: Uint8Array): { fromByte: number; proven: string; found: string } {
  const at = proven.findIndex((byte, index) => byte !== found[index]);
  const from = at === -1 ? proven.length : at;
  const text = (line: Uint8Array) =>
    new TextDecoder().decode(line.subarray(Math.max(0, from - AROUND_BYTES), from + AROUND_BYTES));
  return { fromByte: from, proven: text(proven), found: text(found) };
}

function recordsIn(items: readonly Item[]): number {
  return filesOf(items).reduce((sum, { walk }) => walk.parts.reduce((most, { check }) => most + check.records, sum), 0);
}
