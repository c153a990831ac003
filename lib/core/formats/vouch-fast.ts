import { type FastCheck, unsetFastCheck } from '../chain/fast-check';
import type { Hasher } from '../chain/format';
import { isInstant } from '../chain/time-range';
import { createScanner } from '../json/scan';
import { pattern, standsAt, textAt } from './fast-bytes';

const CREATED_AT = pattern('created_at');
const HASH = pattern('hash');
const PREV = pattern('prev_hash');
const DIGEST = 64;

/** Records with their own hash somewhere before the predecessor's, as sorted keys have it. */
export function fastVouch(hasher: Hasher): FastCheck {
  const { scan, members } = createScanner();

  /** Where the next member from `index` on with a key stands among the members; -1 for none. */
  function find(bytes: Uint8Array, key: Uint8Array, index: number): number {
    for (let at = index; at < 4 * members.count; at += 4) {
      const keyFrom = members.at[at] ?? 0;
      if ((members.at[at + 1] ?? 0) - keyFrom === key.length && standsAt(bytes, keyFrom, key)) return at;
    }
    return -1;
  }
  const isString = (bytes: Uint8Array, index: number) => bytes[members.at[index + 2] ?? 0] === 0x22;
  const textFrom = (index: number) => (members.at[index + 2] ?? 0) + 1;
  const textTo = (index: number) => (members.at[index + 3] ?? 0) - 1;

  const record: FastCheck = {
    ...unsetFastCheck(),
    follows(bytes, from, to, head) {
      if (head.length !== DIGEST || !scan(bytes, from, to)) return false;
      const created = find(bytes, CREATED_AT, 0);
      const hash = created === -1 ? -1 : find(bytes, HASH, created + 4);
      const prev = hash === -1 ? -1 : find(bytes, PREV, hash + 4);
      if (prev === -1 || !isString(bytes, created) || !isString(bytes, hash) || !isString(bytes, prev)) return false;
      if (textTo(hash) - textFrom(hash) !== DIGEST || textTo(prev) - textFrom(prev) !== DIGEST) return false;
      if (!textAt(bytes, textFrom(prev), head) || !isInstant(bytes, textFrom(created), textTo(created))) return false;
      const cutFrom = (members.at[hash] ?? 0) - 1;
      const cutTo = (members.at[hash + 4] ?? 0) - 1;
      record.hash = hasher.sha256(bytes.subarray(textFrom(prev), textTo(prev)), bytes.subarray(from, cutFrom), bytes.subarray(cutTo, to));
      record.timeFrom = textFrom(created);
      record.timeTo = textTo(created);
      return textAt(bytes, textFrom(hash), record.hash);
    },
  };
  return record;
}
