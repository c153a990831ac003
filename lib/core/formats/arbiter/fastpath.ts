import { go, loop, when } from '../../wasm/code';
import { f64, giveBack, i32, i64 } from '../../wasm/ops';
import { FROM, HASH_AT, PREV_AT, SEQUENCE, TO } from '../../fastpath/layout';
import type { CanonicalLine, LineFastpath } from '../../fastpath/line-rule';
import { isDigit, stands } from '../../fastpath/text';

const OPENING = '{"timestamp":"';
const NUMBER = ',"chain_sequence":';
const PREV = ',"chain_prev_hash":"';
const HASH = '","chain_record_hash":"';
const CLOSING = '"}';
const DIGEST = 64;
const MAX_DIGITS = 15;

/** Records that open with their time and close with number and hashes: in the record itself, as it ends behind them and no string holds a quote. */
export const arbiterFastpath: LineFastpath = ({ text, instant, from, to, entry, span, stated, local }) => {
  const [hashAt, prevAt, numberTo, at, timeFrom, timeTo] = [
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
  ];
  const sequence = local('i64');
  const unless = (condition: typeof from.get) => when(i32.eqz(condition), giveBack(i32.const(0)));
  const before = i32.load8(i32.sub(at.get, i32.const(1)));
  return [
    hashAt.set(i32.sub(to.get, i32.const(CLOSING.length + DIGEST))),
    prevAt.set(i32.sub(hashAt.get, i32.const(HASH.length + DIGEST))),
    numberTo.set(i32.sub(prevAt.get, i32.const(PREV.length))),
    timeFrom.set(i32.add(from.get, i32.const(OPENING.length))),
    unless(i32.geU(i32.sub(numberTo.get, i32.const(NUMBER.length + MAX_DIGITS)), timeFrom.get)),
    unless(
      i32.and(
        i32.and(stands(from.get, OPENING), stands(numberTo.get, PREV)),
        i32.and(
          stands(i32.sub(hashAt.get, i32.const(HASH.length)), HASH),
          stands(i32.sub(to.get, i32.const(CLOSING.length)), CLOSING),
        ),
      ),
    ),
    at.set(numberTo.get),
    loop((again) => when(isDigit(before), [at.set(i32.sub(at.get, i32.const(1))), go(again)])),
    unless(stands(i32.sub(at.get, i32.const(NUMBER.length)), NUMBER)),
    unless(i32.leU(i32.sub(i32.sub(numberTo.get, at.get), i32.const(1)), i32.const(MAX_DIGITS - 1))),
    when(
      i32.and(i32.eq(i32.load8(at.get), i32.const(0x30)), i32.ne(i32.sub(numberTo.get, at.get), i32.const(1))),
      giveBack(i32.const(0)),
    ),
    loop((again) => [
      sequence.set(
        i64.add(i64.mul(sequence.get, i64.const(10n)), i64.fromU32(i32.sub(i32.load8(at.get), i32.const(0x30)))),
      ),
      at.set(i32.add(at.get, i32.const(1))),
      when(i32.ltU(at.get, numberTo.get), go(again)),
    ]),
    unless(timeTo.tee(text.quote.call(timeFrom.get))),
    unless(instant.call(timeFrom.get, timeTo.get, entry.get)),
    unless(text.digest.call(hashAt.get, stated.get)),
    i32.store(entry.get, from.get, FROM),
    i32.store(entry.get, to.get, TO),
    i32.store(entry.get, hashAt.get, HASH_AT),
    i32.store(entry.get, prevAt.get, PREV_AT),
    f64.store(entry.get, f64.ofI64(sequence.get), SEQUENCE),
    // Covered is all but the hash: up to its comma, and the brace written over that.
    hashAt.set(i32.sub(hashAt.get, i32.const(HASH.length - 1))),
    i32.store8(hashAt.get, i32.const(0x7d)),
    i32.store(span.get, from.get),
    i32.store(span.get, i32.add(hashAt.get, i32.const(1)), 4),
    i32.const(1),
  ];
};

/** Every one: its verifier takes the bytes as they lie, and asks for no more than the rule does. */
export const arbiterCanonical: CanonicalLine = () => i32.const(1);
