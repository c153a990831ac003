import { type FastCheck, unsetFastCheck } from '../chain/fast-check';
import type { Hasher } from '../chain/format';
import { isInstant } from '../chain/time-range';
import { createScanner } from '../json/scan';
import { closingQuote, pattern, standsAt, textAt } from './fast-bytes';

const OPENING = pattern('{"timestamp":"');
const SEQUENCE = pattern(',"chain_sequence":');
const PREV = pattern(',"chain_prev_hash":"');
const HASH = pattern('","chain_record_hash":"');
const CLOSING = pattern('"}');
const OWN_KEYS = [pattern('chain_sequence'), pattern('chain_prev_hash'), pattern('chain_record_hash')];
const BRACE = pattern('}');
const DIGEST = 64;

/** Records that open with their time and close with number and hashes. */
export function fastArbiter(hasher: Hasher): FastCheck {
  const { scanUntil, has } = createScanner();
  const record: FastCheck = {
    ...unsetFastCheck(),
    follows(bytes, from, to, head, sequence) {
      if (sequence === null || head.length !== DIGEST) return false;
      const number = String(sequence + 1);
      const hashAt = to - CLOSING.length - DIGEST;
      const prevAt = hashAt - HASH.length - DIGEST;
      const numberAt = prevAt - PREV.length - number.length;
      if (numberAt - SEQUENCE.length < from + OPENING.length) return false;
      if (!standsAt(bytes, from, OPENING) || !standsAt(bytes, hashAt - HASH.length, HASH) || !standsAt(bytes, to - CLOSING.length, CLOSING)) return false;
      if (!standsAt(bytes, prevAt - PREV.length, PREV) || !standsAt(bytes, numberAt - SEQUENCE.length, SEQUENCE) || !textAt(bytes, numberAt, number)) return false;
      const timeFrom = from + OPENING.length;
      const timeTo = closingQuote(bytes, timeFrom);
      if (!textAt(bytes, prevAt, head) || !isInstant(bytes, timeFrom, timeTo)) return false;
      // The rest up to the members of the chain, which stand in the record itself and not in something inside.
      if (!scanUntil(bytes, from, numberAt - SEQUENCE.length) || OWN_KEYS.some((key) => has(bytes, key))) return false;
      record.hash = hasher.blake3(bytes.subarray(from, hashAt - HASH.length + 1), BRACE);
      record.sequence = sequence + 1;
      record.timeFrom = timeFrom;
      record.timeTo = timeTo;
      return textAt(bytes, hashAt, record.hash);
    },
  };
  return record;
}
