import { type FastCheck, unsetFastCheck } from '../chain/fast-check';
import type { Hasher } from '../chain/format';
import { isInstant } from '../chain/time-range';
import { createScanner } from '../json/scan';
import { closingQuote, digitsAt, endOfDigits, pattern, standsAt, textAt } from './fast-bytes';

const SEQUENCE = pattern('{"sequence":');
const PREV = pattern(',"prev_chain":"');
const LEAF = pattern('","leaf_hash":"');
const CHAIN = pattern('","chain_hash":"');
const EVENT_JSON = pattern('","event_json":"');
const EVENT = pattern('","event":');
const NETWORK = pattern('{"type":"network","event":{"timestamp_unix_ms":');
const URL_OPEN = pattern('{"type":"url_open",');
const CAPABILITY = pattern('{"type":"capability_decision","entry":{"timestamp":{"secs_since_epoch":');
const NANOS = pattern(',"nanos_since_epoch":');
const STAMPED = ['command_policy', 'sandbox_runtime'].map((type) => pattern(`{"type":"${type}","event":{"timestamp":"`));
const LEAF_DOMAIN = pattern('nono.audit.event.alpha\n');
const CHAIN_DOMAIN = pattern('nono.audit.chain.alpha\n');
const DIGEST = 64;

/** Records of the exact form of the writer, with an event of the four kinds there are many of. */
export function fastNono(hasher: Hasher): FastCheck {
  const { scan, members } = createScanner();
  /** Domain, predecessor and leaf: what the hash of the chain covers. */
  const covered = new Uint8Array(CHAIN_DOMAIN.length + 64);
  covered.set(CHAIN_DOMAIN);

  /** The time of the event, by its kind. */
  function findTime(bytes: Uint8Array, at: number): boolean {
    const stamped = STAMPED.find((opening) => standsAt(bytes, at, opening));
    if (stamped) {
      record.timeFrom = at + stamped.length;
      record.timeTo = closingQuote(bytes, record.timeFrom);
      return isInstant(bytes, record.timeFrom, record.timeTo);
    }
    record.timeFrom = -1;
    if (standsAt(bytes, at, NETWORK)) {
      const from = at + NETWORK.length;
      const to = endOfDigits(bytes, from);
      const isLast = bytes[to] === 0x2c || bytes[to] === 0x7d;
      // 13 digits: from the year 2001 to 2286.
      record.unixSeconds = to - from === 13 && isLast ? digitsAt(bytes, from, to - 3) : -1;
      return withFraction(bytes, to - 3, to);
    }
    record.unixSeconds = -1;
    if (standsAt(bytes, at, URL_OPEN)) return true;
    if (!standsAt(bytes, at, CAPABILITY)) return false;
    const from = at + CAPABILITY.length;
    const to = endOfDigits(bytes, from);
    const nanosFrom = to + NANOS.length;
    const nanosTo = endOfDigits(bytes, nanosFrom);
    if (to - from > 10 || !standsAt(bytes, to, NANOS) || bytes[nanosTo] !== 0x7d) return false;
    record.unixSeconds = digitsAt(bytes, from, to);
    if (nanosTo - nanosFrom === 1 && bytes[nanosFrom] === 0x30) return withFraction(bytes, nanosFrom, nanosFrom);
    return nanosTo - nanosFrom === 9 && bytes[nanosFrom] !== 0x30 && withFraction(bytes, nanosFrom, nanosTo);
  }

  function withFraction(bytes: Uint8Array, from: number, to: number): boolean {
    let end = to;
    while (end > from && bytes[end - 1] === 0x30) end -= 1;
    record.fractionFrom = from;
    record.fractionTo = end;
    return record.unixSeconds >= 0;
  }

  const record: FastCheck = {
    ...unsetFastCheck(),
    follows(bytes, from, to, head, sequence) {
      if (sequence === null || head.length !== DIGEST) return false;
      const number = String(sequence + 1);
      const prevAt = from + SEQUENCE.length + number.length + PREV.length;
      const leafAt = prevAt + DIGEST + LEAF.length;
      const chainAt = leafAt + DIGEST + CHAIN.length;
      const jsonAt = chainAt + DIGEST + EVENT_JSON.length;
      if (!standsAt(bytes, from, SEQUENCE) || !textAt(bytes, from + SEQUENCE.length, number) || !standsAt(bytes, prevAt - PREV.length, PREV)) return false;
      if (!textAt(bytes, prevAt, head) || !standsAt(bytes, prevAt + DIGEST, LEAF) || !standsAt(bytes, leafAt + DIGEST, CHAIN) || !standsAt(bytes, chainAt + DIGEST, EVENT_JSON)) return false;
      const eventAt = eventBehind(bytes, jsonAt, to);
      if (eventAt === -1 || !findTime(bytes, eventAt) || !scan(bytes, from, to)) return false;
      // The event ends where the record does.
      if (members.count !== 6 || members.at[23] !== to - 1) return false;
      const leaf = hasher.sha256(LEAF_DOMAIN, bytes.subarray(eventAt, to - 1));
      if (!textAt(bytes, leafAt, leaf)) return false;
      putHex(covered, CHAIN_DOMAIN.length, head);
      putHex(covered, CHAIN_DOMAIN.length + 32, leaf);
      record.hash = hasher.sha256(covered);
      record.sequence = sequence + 1;
      return textAt(bytes, chainAt, record.hash);
    },
  };
  return record;
}

/**
 * Where the event stands, when the text of `event_json` that begins at `from` is that event with quotes and backslashes escaped and
 * nothing else; -1 otherwise. The event is then the rest of the line but the brace.
 */
function eventBehind(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  let escapes = 0;
  while (end < to && bytes[end] !== 0x22) {
    if (bytes[end] === 0x5c) {
      escapes += 1;
      end += 1;
    }
    end += 1;
  }
  if (!standsAt(bytes, end, EVENT)) return -1;
  const eventAt = end + EVENT.length;
  if (to - 1 - eventAt !== end - from - escapes) return -1;
  let other = eventAt;
  for (let at = from; at < end; at += 1, other += 1) {
    if (bytes[at] === 0x5c) {
      at += 1;
      if (bytes[at] !== 0x22 && bytes[at] !== 0x5c) return -1;
    }
    if (bytes[at] !== bytes[other]) return -1;
  }
  return eventAt;
}

function putHex(bytes: Uint8Array, at: number, hex: string): void {
  for (let index = 0; index < hex.length; index += 2) bytes[at + index / 2] = (nibble(hex.charCodeAt(index)) << 4) | nibble(hex.charCodeAt(index + 1));
}

/** Of a lower-case digit. */
function nibble(code: number): number {
  return code <= 0x39 ? code - 0x30 : code - 0x57;
}
