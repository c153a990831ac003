import { type FastCheck, unsetFastCheck } from '../chain/fast-check';
import type { Hasher } from '../chain/format';
import { isInstant } from '../chain/time-range';
import { createScanner } from '../json/scan';
import { digitsAt, pattern, standsAt, textAt } from './fast-bytes';

/** In the order of the struct; what a value must begin with. `memory_write` is left to the careful path. */
const FIELDS = (
  [
    ['schema_version', '"'],
    ['session_id', '"'],
    ['seq', ''],
    ['timestamp', '"'],
    ['call_id', '"'],
    ['tool', '"'],
    ['decision', '"'],
    ['reason', '"'],
    ['reason_code', '"'],
    ['action_digest', '"'],
    ['policy_digest', '"'],
    ['arguments', '{'],
    ['mode', '"'],
    ['prev_hash', '"'],
    ['hash', '"'],
    ['signature', '"'],
  ] as const
).map(([name, opening]) => ({ name: pattern(name), opening: opening === '' ? -1 : opening.charCodeAt(0) }));
const SCHEMA = 0;
const SEQ = 2;
const TIMESTAMP = 3;
const PREV = 13;
const HASH = 14;
const SIGNATURE = 15;
const DIGEST = 64;
const BRACE = pattern('}');

/** Events of schemas 1 to 5 with their members in the order of the struct. */
export function fastAgentFence(hasher: Hasher): FastCheck {
  const { scan, members } = createScanner();
  const values = new Int32Array(2 * FIELDS.length);

  /** Finds every member among the fields, in order; false for one that is none, or of another type. */
  function place(bytes: Uint8Array): boolean {
    values.fill(-1);
    let field = 0;
    for (let index = 0; index < 4 * members.count; index += 4) {
      const keyFrom = members.at[index] ?? 0;
      const length = (members.at[index + 1] ?? 0) - keyFrom;
      const valueFrom = members.at[index + 2] ?? 0;
      for (;;) {
        const wanted = FIELDS[field];
        if (!wanted) return false;
        field += 1;
        if (wanted.name.length !== length || !standsAt(bytes, keyFrom, wanted.name)) continue;
        if (wanted.opening !== -1 && bytes[valueFrom] !== wanted.opening) return false;
        break;
      }
      values[2 * field - 2] = valueFrom;
      values[2 * field - 1] = members.at[index + 3] ?? 0;
    }
    return true;
  }
  const from = (field: number) => values[2 * field] ?? -1;
  const to = (field: number) => values[2 * field + 1] ?? -1;

  const record: FastCheck = {
    ...unsetFastCheck(),
    follows(bytes, start, end, head) {
      if (head.length !== DIGEST || !scan(bytes, start, end) || members.exponents || !place(bytes)) return false;
      const schema = bytes[from(SCHEMA) + 1] ?? 0;
      if (from(SCHEMA) === -1 || to(SCHEMA) - from(SCHEMA) !== 3 || schema < 0x31 || schema > 0x35) return false;
      const sequence = from(SEQ) === -1 ? -1 : digitsAt(bytes, from(SEQ), to(SEQ));
      if (sequence === -1 || from(TIMESTAMP) === -1 || !isInstant(bytes, from(TIMESTAMP) + 1, to(TIMESTAMP) - 1)) return false;
      if (to(PREV) - from(PREV) !== DIGEST + 2 || !textAt(bytes, from(PREV) + 1, head)) return false;
      const hashFrom = from(HASH);
      if (to(HASH) - hashFrom !== DIGEST + 2 || !isBase64(bytes, from(SIGNATURE), to(SIGNATURE))) return false;
      record.hash = hasher.sha256(bytes.subarray(start, hashFrom - ',"hash":'.length), BRACE);
      record.sequence = sequence;
      record.timeFrom = from(TIMESTAMP) + 1;
      record.timeTo = to(TIMESTAMP) - 1;
      return textAt(bytes, hashFrom + 1, record.hash);
    },
  };
  return record;
}

/** Whether a string is of the characters of base64; true where there is none. */
function isBase64(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to - 1; at += 1) {
    const byte = bytes[at] ?? 0;
    const isLetter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
    if (!isLetter && !(byte >= 0x2f && byte <= 0x39) && byte !== 0x2b && byte !== 0x3d) return false;
  }
  return true;
}
