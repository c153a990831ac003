import { type FastCheck, unsetFastCheck } from '../chain/fast-check';
import type { Hasher } from '../chain/format';
import { isInstant } from '../chain/time-range';
import { createScanner } from '../json/scan';
import { closingQuote, pattern, standsAt, textAt } from './fast-bytes';

const OPENING = pattern('{"audit_schema":1,"ts":"');
const PREV = pattern(',"prev_hash":"');
const OWN_KEYS = [pattern('prev_hash'), pattern('hash')];
const HASH = pattern('","hash":"');
const CLOSING = pattern('"}');
const BRACE = pattern('}');
const DIGEST = 64;

/** Records that open with schema 1 and their time, and close with both hashes. */
export function fastOccasio(hasher: Hasher): FastCheck {
  const { scanUntil, has } = createScanner();
  const record: FastCheck = {
    ...unsetFastCheck(),
    follows(bytes, from, to, head) {
      const hashAt = to - CLOSING.length - DIGEST;
      const prevAt = hashAt - HASH.length - DIGEST;
      if (prevAt - PREV.length < from + OPENING.length || head.length !== DIGEST) return false;
      if (!standsAt(bytes, from, OPENING) || !standsAt(bytes, prevAt - PREV.length, PREV) || !standsAt(bytes, hashAt - HASH.length, HASH) || !standsAt(bytes, to - CLOSING.length, CLOSING)) return false;
      const timeFrom = from + OPENING.length;
      const timeTo = closingQuote(bytes, timeFrom);
      if (!textAt(bytes, prevAt, head) || !isInstant(bytes, timeFrom, timeTo)) return false;
      // The rest up to the hashes, which stand in the record itself and not in something inside.
      if (!scanUntil(bytes, from, prevAt - PREV.length) || OWN_KEYS.some((key) => has(bytes, key))) return false;
      record.hash = hasher.sha256(bytes.subarray(from, hashAt - HASH.length + 1), BRACE);
      record.timeFrom = timeFrom;
      record.timeTo = timeTo;
      return textAt(bytes, hashAt, record.hash);
    },
  };
  return record;
}
