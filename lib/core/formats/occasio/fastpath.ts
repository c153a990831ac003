import { when } from '../../wasm/code';
import { f64, giveBack, i32 } from '../../wasm/ops';
import { FROM, HASH_AT, PREV_AT, SEQUENCE, TO } from '../../fastpath/layout';
import { UNLIKE } from '../../fastpath/json';
import type { CanonicalLine, LineFastpath } from '../../fastpath/line-rule';
import { stands } from '../../fastpath/text';

const OPENING = '{"audit_schema":1,"ts":"';
const PREV = ',"prev_hash":"';
const HASH = '","hash":"';
const CLOSING = '"}';
const DIGEST = 64;

/** Records that open with schema 1 and their time, and close with both hashes: in the record itself, as it ends behind them and no string holds a quote. */
export const occasioFastpath: LineFastpath = ({ text, instant, from, to, entry, span, stated, local }) => {
  const [hashAt, prevAt, timeFrom, timeTo] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const unless = (condition: typeof from.get) => when(i32.eqz(condition), giveBack(i32.const(0)));
  return [
    hashAt.set(i32.sub(to.get, i32.const(CLOSING.length + DIGEST))),
    prevAt.set(i32.sub(hashAt.get, i32.const(HASH.length + DIGEST))),
    timeFrom.set(i32.add(from.get, i32.const(OPENING.length))),
    unless(i32.geU(i32.sub(prevAt.get, i32.const(PREV.length)), timeFrom.get)),
    unless(
      i32.and(
        i32.and(stands(from.get, OPENING), stands(i32.sub(prevAt.get, i32.const(PREV.length)), PREV)),
        i32.and(
          stands(i32.sub(hashAt.get, i32.const(HASH.length)), HASH),
          stands(i32.sub(to.get, i32.const(CLOSING.length)), CLOSING),
        ),
      ),
    ),
    unless(timeTo.tee(text.quote.call(timeFrom.get))),
    unless(instant.call(timeFrom.get, timeTo.get, entry.get)),
    unless(text.digest.call(hashAt.get, stated.get)),
    i32.store(entry.get, from.get, FROM),
    i32.store(entry.get, to.get, TO),
    i32.store(entry.get, hashAt.get, HASH_AT),
    i32.store(entry.get, prevAt.get, PREV_AT),
    f64.store(entry.get, f64.const(-1), SEQUENCE),
    // Covered is all but the hash: up to its comma, and the brace written over that.
    hashAt.set(i32.sub(hashAt.get, i32.const(HASH.length - 1))),
    i32.store8(hashAt.get, i32.const(0x7d)),
    i32.store(span.get, from.get),
    i32.store(span.get, i32.add(hashAt.get, i32.const(1)), 4),
    i32.const(1),
  ];
};

/** Its verifier is JavaScript, which leaves keys in their order. */
export const occasioCanonical: CanonicalLine = ({ json }) =>
  i32.eqz(i32.and(json.unlike.get, i32.const(~(UNLIKE.small | UNLIKE.order))));
