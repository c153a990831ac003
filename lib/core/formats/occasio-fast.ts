import { type FastCheck, unsetFastCheck } from '../chain/fast-check';
import type { Hasher } from '../chain/format';
import { isInstant } from '../chain/time-range';
import { createScanner } from '../json/scan';
import { closingQuote, pattern, standsAt, textAt } from './fast-bytes';

const OPENING = pattern('{"audit_schema":1,"ts":"');
const PREV = pattern('"prev_hash":"');
const HASH = pattern('","hash":"');
const CLOSING = pattern('"}');
const BRACE = pattern('}');
const DIGEST = 64;

/** Records that open with schema 1 and their time, and close with both hashes. */
export function fastOccasio(hasher: Hasher): FastCheck {
  const { scan, members } = createScanner();
  const record: FastCheck = {
    ...unsetFastCheck(),
    follows(bytes, from, to, head) {
      const hashAt = to - CLOSING.length - DIGEST;
      const prevAt = hashAt - HASH.length - DIGEST;
      if (prevAt - PREV.length < from + OPENING.length || head.length !== DIGEST) return false;
      if (!standsAt(bytes, from, OPENING) || !standsAt(bytes, prevAt - PREV.length, PREV) || !standsAt(bytes, hashAt - HASH.length, HASH) || !standsAt(bytes, to - CLOSING.length, CLOSING)) return false;
      const timeFrom = from + OPENING.length;
      const timeTo = closingQuote(bytes, timeFrom);
      if (!textAt(bytes, prevAt, head) || !isInstant(bytes, timeFrom, timeTo) || !scan(bytes, from, to)) return false;
      const last = 4 * (members.count - 1);
      // Both are members of the record itself, not of something inside.
      if (members.at[last] !== hashAt - 7 || members.at[last - 4] !== prevAt - PREV.length + 1) return false;
      record.hash = hasher.sha256(bytes.subarray(from, hashAt - HASH.length + 1), BRACE);
      record.timeFrom = timeFrom;
      record.timeTo = timeTo;
      return textAt(bytes, hashAt, record.hash);
    },
  };
  return record;
}
