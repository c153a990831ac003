import { type Code, block, go, goWhen, loop, when } from '../../wasm/code';
import { f64, giveBack, i32 } from '../../wasm/ops';
import { FROM, HASH_AT, MEMBERS, PREV_AT, SEQUENCE, TO } from '../../fastpath/layout';
import { UNLIKE } from '../../fastpath/json';
import type { CanonicalLine, LineFastpath } from '../../fastpath/line-rule';
import { stands } from '../../fastpath/text';

const DIGEST = 64;
const QUOTE = 0x22;

/** Records with their own hash somewhere before the predecessor's, as sorted keys have it. */
export const vouchFastpath: LineFastpath = ({ text, json, instant, from, to, entry, span, stated, scratch, local }) => {
  const [member, last, created, hash, prev, cutFrom, cutTo] = [
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
  ];
  const unless = (condition: Code) => when(i32.eqz(condition), giveBack(i32.const(0)));
  const valueFrom = (of: typeof member) => i32.load(of.get, 8);
  const valueTo = (of: typeof member) => i32.load(of.get, 12);
  const plus = (value: Code, bytes: number) => i32.add(value, i32.const(bytes));

  /** Sets `found` to the next member of this name, from `member` on, which is a string. */
  const find = (name: string, found: typeof member): Code => [
    block((done) =>
      loop((next) => [
        when(i32.geU(member.get, last.get), giveBack(i32.const(0))),
        found.set(member.get),
        member.set(plus(member.get, 16)),
        when(
          i32.eq(i32.sub(i32.load(found.get, 4), i32.load(found.get)), i32.const(name.length)),
          goWhen(done, stands(i32.load(found.get), name)),
        ),
        go(next),
      ]),
    ),
    unless(i32.eq(i32.load8(valueFrom(found)), i32.const(QUOTE))),
  ];
  const isDigest = (of: typeof member) => i32.eq(i32.sub(valueTo(of), valueFrom(of)), i32.const(DIGEST + 2));
  return [
    member.set(i32.const(MEMBERS)),
    last.set(i32.add(i32.const(MEMBERS), i32.shl(json.memberCount.get, i32.const(4)))),
    find('created_at', created),
    find('hash', hash),
    find('prev_hash', prev),
    unless(i32.and(isDigest(hash), isDigest(prev))),
    unless(instant.call(plus(valueFrom(created), 1), i32.sub(valueTo(created), i32.const(1)), entry.get)),
    unless(text.digest.call(plus(valueFrom(hash), 1), stated.get)),
    i32.store(entry.get, from.get, FROM),
    i32.store(entry.get, to.get, TO),
    i32.store(entry.get, plus(valueFrom(hash), 1), HASH_AT),
    i32.store(entry.get, plus(valueFrom(prev), 1), PREV_AT),
    f64.store(entry.get, f64.const(-1), SEQUENCE),
    // Covered are the predecessor's hash and, behind it, the record without its own.
    cutFrom.set(i32.sub(i32.load(hash.get), i32.const(1))),
    cutTo.set(i32.sub(i32.load(hash.get, 16), i32.const(1))),
    i32.store(span.get, scratch.get),
    scratch.set(text.copy.call(scratch.get, plus(valueFrom(prev), 1), i32.const(DIGEST))),
    scratch.set(text.copy.call(scratch.get, from.get, i32.sub(cutFrom.get, from.get))),
    scratch.set(text.copy.call(scratch.get, cutTo.get, i32.sub(to.get, cutTo.get))),
    i32.store(span.get, scratch.get, 4),
    i32.const(1),
  ];
};

/** Its verifier is Python, which writes keys in their order and ASCII only. */
export const vouchCanonical: CanonicalLine = ({ text, json, from, to, local }) => {
  const [member, last] = [local('i32'), local('i32')];
  const unless = (condition: Code) => when(i32.eqz(condition), giveBack(i32.const(0)));
  const key = (offset: number) => i32.load(member.get, offset);
  const length = (offset: number) => i32.sub(key(offset + 4), key(offset));
  return [
    unless(i32.eqz(i32.and(json.unlike.get, i32.const(~(UNLIKE.beyondAscii | UNLIKE.separator | UNLIKE.key))))),
    unless(i32.eqz(json.surplus.get)),
    unless(text.withoutDelete.call(from.get, to.get)),
    member.set(i32.const(MEMBERS)),
    last.set(i32.add(i32.const(MEMBERS - 16), i32.shl(json.memberCount.get, i32.const(4)))),
    loop((next) =>
      when(i32.ltU(member.get, last.get), [
        unless(json.isBefore.call(key(0), length(0), key(16), length(16))),
        member.set(i32.add(member.get, i32.const(16))),
        go(next),
      ]),
    ),
    i32.const(1),
  ];
};
