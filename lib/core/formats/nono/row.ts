import { isDigest } from '../../chain/digest-bytes';
import { memberSpans } from '../../json/member-spans';
import { readTree } from '../../json/tree';
import { type JsonObject, isObject } from '../read-line';
import { MAX_EVENT_DEPTH, nonoEventText } from './event';
import { isKeptEvent } from './kept-event';

const KNOWN = ['sequence', 'prev_chain', 'leaf_hash', 'chain_hash', 'event_json', 'event'];
/** Each byte is read by `u8::from_str_radix`, which takes a plus sign. */
const DIGEST = /^(?:[0-9a-fA-F]{2}|\+[0-9a-fA-F]){32}$/;

export type Row = {
  sequence: bigint;
  prev: string | null;
  leaf: string;
  chain: string;
  eventJson: string | null;
  event: string;
};

/** The row as serde reads it; null when it refuses: a member missing, repeated or of another type. */
export function rowOf(record: JsonObject, text: string): Row | null {
  const spans = memberSpans(text);
  if (KNOWN.some((key) => spans.filter((span) => span.key === key).length > 1)) return null;
  const raw = (key: string) => {
    const span = spans.find((candidate) => candidate.key === key);
    return span ? text.slice(span.valueFrom, span.to) : '';
  };
  const sequence = raw('sequence');
  const digest = (value: unknown) =>
    typeof value === 'string' && DIGEST.test(value) ? value.replaceAll('+', '0').toLowerCase() : null;
  const [prev, leaf, chain] = [digest(record.prev_chain), digest(record.leaf_hash), digest(record.chain_hash)];
  const event = eventText(raw('event'));
  const eventJson = record.event_json ?? null;
  if (!/^\d+$/.test(sequence) || BigInt(sequence) >= 2n ** 64n || leaf === null || chain === null || event === null)
    return null;
  if (((record.prev_chain ?? null) !== null && prev === null) || (eventJson !== null && typeof eventJson !== 'string'))
    return null;
  return { sequence: BigInt(sequence), prev, leaf, chain, eventJson, event };
}

/** The same of a row that is, to the letter, as nono writes it; null of any other, of which it says nothing. */
export function keptRow(record: JsonObject, text: string): Row | null {
  const { sequence, prev_chain: prev, leaf_hash: leaf, chain_hash: chain, event_json: eventJson, event } = record;
  if (typeof eventJson !== 'string' || !isObject(event)) return null;
  if (typeof leaf !== 'string' || typeof chain !== 'string' || !isDigest(leaf) || !isDigest(chain)) return null;
  if (prev !== null && (typeof prev !== 'string' || !isDigest(prev))) return null;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) return null;
  if (written(event) !== eventJson || !isKeptEvent(event)) return null;
  const head = prev === null ? 'null' : `"${prev}"`;
  const opening = `{"sequence":${sequence},"prev_chain":${head},"leaf_hash":"${leaf}","chain_hash":"${chain}","event_json":`;
  return text === `${opening}${JSON.stringify(eventJson)},"event":${eventJson}}`
    ? { sequence: BigInt(sequence), prev, leaf, chain, eventJson, event: eventJson }
    : null;
}

/** Null when it nests too deep. */
function written(event: unknown): string | null {
  try {
    return JSON.stringify(event);
  } catch {
    return null;
  }
}

/** What nono makes of an event's text, written again; null when it does not read it. */
export function eventText(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tree = readTree(text, MAX_EVENT_DEPTH);
  return tree && nonoEventText(tree);
}
