import { type Code, block, go, goWhen, loop, when } from '../../wasm/code';
import { f64, giveBack, i32, i64, i8x16, v128 } from '../../wasm/ops';
import {
  FRACTION_DIGITS,
  FROM,
  HASH_AT,
  MEMBERS,
  NANOS,
  PREV_AT,
  SECONDS,
  SEQUENCE,
  TIME_FROM,
  TIME_TO,
  TO,
} from '../../fastpath/layout';
import type { LineFastpath } from '../../fastpath/line-rule';
import { isDigit, splat8, stands } from '../../fastpath/text';

const NUMBER = '{"sequence":';
const PREV = ',"prev_chain":"';
const LEAF = '","leaf_hash":"';
const CHAIN = '","chain_hash":"';
const EVENT_JSON = '","event_json":"';
const EVENT = '","event":';
const NETWORK = '{"type":"network","event":{"timestamp_unix_ms":';
const URL_OPEN = '{"type":"url_open",';
const CAPABILITY = '{"type":"capability_decision","entry":{"timestamp":{"secs_since_epoch":';
const NANOS_KEY = ',"nanos_since_epoch":';
const STAMPED = ['command_policy', 'sandbox_runtime'].map((type) => `{"type":"${type}","event":{"timestamp":"`);
const LEAF_DOMAIN = 'nono.audit.event.alpha\n';
const CHAIN_DOMAIN = 'nono.audit.chain.alpha\n';
const DIGEST = 64;
const MAX_DIGITS = 15;

/** Records of the exact form of the writer, with an event of the four kinds there are many of. */
export const nonoFastpath: LineFastpath = ({
  text,
  json,
  instant,
  from,
  to,
  entry,
  span,
  stated,
  secondarySpan,
  secondaryStated,
  scratch,
  local,
}) => {
  const [at, start, prevAt, leafAt, chainAt, jsonAt, event, other, found, nanos, digits] = [
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
  ];
  const [number, sequence, bytes] = [local('i64'), local('i64'), local('v128')];
  const unless = (condition: Code) => when(i32.eqz(condition), giveBack(i32.const(0)));
  const plus = (value: Code, count: number) => i32.add(value, i32.const(count));
  const step = at.set(plus(at.get, 1));

  /** From `at` to behind the digits there, up to 15 of them and without leading zeros, into `number`; `start` is where they begin. */
  const readNumber: Code = [
    start.set(at.get),
    number.set(i64.const(0n)),
    loop((again) =>
      when(isDigit(i32.load8(at.get)), [
        number.set(
          i64.add(i64.mul(number.get, i64.const(10n)), i64.fromU32(i32.sub(i32.load8(at.get), i32.const(0x30)))),
        ),
        step,
        go(again),
      ]),
    ),
    unless(i32.leU(i32.sub(i32.sub(at.get, start.get), i32.const(1)), i32.const(MAX_DIGITS - 1))),
    unless(i32.or(i32.ne(i32.load8(start.get), i32.const(0x30)), i32.eq(i32.sub(at.get, start.get), i32.const(1)))),
  ];

  /** Compares the text of `event_json` with the event: it is the same with quotes and backslashes escaped, and nothing else. */
  const compare: Code = [
    at.set(jsonAt.get),
    other.set(event.get),
    block((done) =>
      loop((again) => [
        bytes.set(v128.load(at.get)),
        // As far as nothing is escaped, and as both are the same.
        found.set(
          i32.ctz(
            i32.or(
              i32.const(0x1_0000),
              i8x16.bitmask(v128.or(i8x16.eq(bytes.get, splat8(0x5c)), i8x16.eq(bytes.get, splat8(0x22)))),
            ),
          ),
        ),
        unless(
          i32.geU(
            i32.ctz(
              i32.or(
                i32.const(0x1_0000),
                i8x16.bitmask(i8x16.eq(i8x16.eq(bytes.get, v128.load(other.get)), splat8(0))),
              ),
            ),
            found.get,
          ),
        ),
        at.set(i32.add(at.get, found.get)),
        other.set(i32.add(other.get, found.get)),
        goWhen(again, i32.eq(found.get, i32.const(16))),
        goWhen(done, i32.eq(i32.load8(at.get), i32.const(0x22))),
        found.set(i32.load8(at.get, 1)),
        unless(i32.or(i32.eq(found.get, i32.const(0x22)), i32.eq(found.get, i32.const(0x5c)))),
        unless(i32.eq(found.get, i32.load8(other.get))),
        at.set(plus(at.get, 2)),
        other.set(plus(other.get, 1)),
        go(again),
      ]),
    ),
    unless(
      i32.and(
        i32.eq(at.get, i32.sub(event.get, i32.const(EVENT.length))),
        i32.eq(other.get, i32.sub(to.get, i32.const(1))),
      ),
    ),
  ];

  /** The seconds in `number`, the fraction in `nanos`. */
  const storeUnix: Code = [
    digits.set(i32.const(9)),
    found.set(nanos.get),
    when(i32.eqz(found.get), digits.set(i32.const(0))),
    loop((again) =>
      when(
        i32.and(
          i32.ne(digits.get, i32.const(0)),
          i32.eq(i32.mul(i32.divU(found.get, i32.const(10)), i32.const(10)), found.get),
        ),
        [found.set(i32.divU(found.get, i32.const(10))), digits.set(i32.sub(digits.get, i32.const(1))), go(again)],
      ),
    ),
    i32.store(entry.get, i32.const(0), TIME_FROM),
    i32.store(entry.get, i32.const(1), TIME_TO),
    i32.store(entry.get, nanos.get, NANOS),
    i32.store(entry.get, digits.get, FRACTION_DIGITS),
    f64.store(entry.get, f64.ofI64(number.get), SECONDS),
  ];

  const time = block((done) => [
    STAMPED.map((opening) =>
      when(stands(event.get, opening), [
        at.set(plus(event.get, opening.length)),
        unless(other.tee(text.quote.call(at.get))),
        unless(instant.call(at.get, other.get, entry.get)),
        go(done),
      ]),
    ),
    when(stands(event.get, NETWORK), [
      at.set(plus(event.get, NETWORK.length)),
      readNumber,
      // 13 digits: from the year 2001 to 2286.
      unless(i32.eq(i32.sub(at.get, start.get), i32.const(13))),
      unless(i32.or(i32.eq(i32.load8(at.get), i32.const(0x2c)), i32.eq(i32.load8(at.get), i32.const(0x7d)))),
      nanos.set(i32.mul(i64.toU32(i64.remU(number.get, i64.const(1000n))), i32.const(1_000_000))),
      number.set(i64.divU(number.get, i64.const(1000n))),
      storeUnix,
      go(done),
    ]),
    when(stands(event.get, URL_OPEN), [
      i32.store(entry.get, i32.const(0), TIME_FROM),
      i32.store(entry.get, i32.const(0), TIME_TO),
      go(done),
    ]),
    unless(stands(event.get, CAPABILITY)),
    at.set(plus(event.get, CAPABILITY.length)),
    readNumber,
    unless(i32.leU(i32.sub(at.get, start.get), i32.const(10))),
    sequence.set(number.get),
    unless(stands(at.get, NANOS_KEY)),
    at.set(plus(at.get, NANOS_KEY.length)),
    readNumber,
    unless(i32.eq(i32.load8(at.get), i32.const(0x7d))),
    unless(i32.or(i64.eqz(number.get), i32.eq(i32.sub(at.get, start.get), i32.const(9)))),
    nanos.set(i64.toU32(number.get)),
    number.set(sequence.get),
    storeUnix,
  ]);

  return [
    unless(stands(from.get, NUMBER)),
    at.set(plus(from.get, NUMBER.length)),
    readNumber,
    f64.store(entry.get, f64.ofI64(number.get), SEQUENCE),
    prevAt.set(plus(at.get, PREV.length)),
    leafAt.set(plus(prevAt.get, DIGEST + LEAF.length)),
    chainAt.set(plus(leafAt.get, DIGEST + CHAIN.length)),
    jsonAt.set(plus(chainAt.get, DIGEST + EVENT_JSON.length)),
    unless(i32.ltU(jsonAt.get, to.get)),
    unless(
      i32.and(
        i32.and(stands(at.get, PREV), stands(prevAt.get, LEAF, DIGEST)),
        i32.and(stands(leafAt.get, CHAIN, DIGEST), stands(chainAt.get, EVENT_JSON, DIGEST)),
      ),
    ),
    // The event is the last of six members, and its text the one before.
    unless(i32.eq(json.memberCount.get, i32.const(6))),
    event.set(i32.load(i32.const(0), MEMBERS + 5 * 16 + 8)),
    unless(stands(i32.sub(event.get, i32.const(EVENT.length)), EVENT)),
    compare,
    time,
    unless(text.digest.call(chainAt.get, stated.get)),
    unless(text.digest.call(leafAt.get, secondaryStated.get)),
    i32.store(entry.get, from.get, FROM),
    i32.store(entry.get, to.get, TO),
    i32.store(entry.get, chainAt.get, HASH_AT),
    i32.store(entry.get, prevAt.get, PREV_AT),
    // The leaf covers the event, and the chain's hash the leaf and the predecessor, each behind its domain.
    i32.store(secondarySpan.get, scratch.get),
    scratch.set(text.write(scratch.get, LEAF_DOMAIN)),
    scratch.set(text.copy.call(scratch.get, event.get, i32.sub(i32.sub(to.get, i32.const(1)), event.get))),
    i32.store(secondarySpan.get, scratch.get, 4),
    i32.store(span.get, scratch.get),
    scratch.set(text.write(scratch.get, CHAIN_DOMAIN)),
    unless(text.digest.call(prevAt.get, scratch.get)),
    unless(text.digest.call(leafAt.get, plus(scratch.get, DIGEST / 2))),
    scratch.set(plus(scratch.get, DIGEST)),
    i32.store(span.get, scratch.get, 4),
    i32.const(1),
  ];
};
