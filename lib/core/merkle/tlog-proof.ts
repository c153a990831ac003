import { fromBase64, toBase64 } from '../base64';
import { Refusal } from '../checks/check';
import { HASH_BYTES } from './hash';

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_HASHES = 63;

/** That a leaf is in a checkpoint's tree, c2sp.org/tlog-proof. */
export type TlogProof = {
  /** Proven by nothing. */
  extra: Uint8Array | null;
  index: number;
  hashes: Uint8Array[];
  /** A signed note. */
  checkpoint: string;
};

export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const lines = [HEADER, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...hashes.map(toBase64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** @throws Refusal when the text is no such proof. */
export function parseTlogProof(text: string): TlogProof {
  const at = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(0, at)).split('\n');
  if (header !== HEADER) throw new Refusal({ code: 'malformed', form: 'tlog-proof' });
  const extra = lines[0]?.startsWith('extra ') ? fromBase64((lines.shift() ?? '').slice('extra '.length)) : null;
  const [, index] = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '') ?? [];
  if (index === undefined || !Number.isSafeInteger(Number(index)))
    throw new Refusal({ code: 'malformed', form: 'tlog-proof-index' });
  const hashes = lines.map((line) => fromBase64(line));
  if (hashes.length > MAX_HASHES || !hashes.every((hash) => hash?.length === HASH_BYTES))
    throw new Refusal({ code: 'malformed', form: 'tlog-proof-hashes' });
  return {
    extra,
    index: Number(index),
    hashes: hashes.filter((hash) => hash !== null),
    checkpoint: text.slice(at + 2),
  };
}
