import { type Code, go, loop, when } from '../../wasm/code';
import { f64, giveBack, i32, i64 } from '../../wasm/ops';
import { FROM, HASH_AT, MEMBERS, PREV_AT, SEQUENCE, TO, VALUES } from '../../fastpath/layout';
import { UNLIKE } from '../../fastpath/json';
import type { CanonicalLine, LineFastpath } from '../../fastpath/line-rule';
import { isDigit, stands } from '../../fastpath/text';

/** In the order of the struct; what a value must begin with. `memory_write` is left to the parser. */
const FIELDS = [
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
] as const;
type Field = (typeof FIELDS)[number][0];
/** Go writes these whatever they are, and those only when there is something in them. */
const ALWAYS = ['schema_version', 'session_id', 'seq', 'timestamp', 'call_id', 'tool', 'decision', 'reason'] as const;
const NEVER_EMPTY = ['reason_code', 'action_digest', 'policy_digest', 'arguments', 'mode'] as const;
const HASH_KEY = ',"hash":"';
const DIGEST = 64;
const MAX_DIGITS = 15;

const place = (field: Field) => VALUES + 8 * FIELDS.findIndex(([name]) => name === field);
/** Of the line read last; 0 where it lacks the member. */
const valueFrom = (field: Field) => i32.load(i32.const(0), place(field));
const valueTo = (field: Field) => i32.load(i32.const(0), place(field) + 4);
const lengthOf = (field: Field) => i32.sub(valueTo(field), valueFrom(field));

/** Events of schemas 1 to 5 with their members in the order of the struct. */
export const agentFenceFastpath: LineFastpath = ({ text, json, instant, from, to, entry, span, stated, local }) => {
  const [member, last, key, cut, at, end] = [
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
    local('i32'),
  ];
  const sequence = local('i64');
  const unless = (condition: Code) => when(i32.eqz(condition), giveBack(i32.const(0)));

  /** Takes the next member when it is this one. */
  const take = ([name, opening]: (typeof FIELDS)[number]): Code => [
    i32.store(i32.const(0), i32.const(0), place(name)),
    i32.store(i32.const(0), i32.const(0), place(name) + 4),
    when(
      i32.and(
        i32.ltU(member.get, last.get),
        i32.eq(i32.sub(i32.load(member.get, 4), key.tee(i32.load(member.get))), i32.const(name.length)),
      ),
      [
        when(stands(key.get, name), [
          opening === '' ? [] : unless(i32.eq(i32.load8(i32.load(member.get, 8)), i32.const(opening.charCodeAt(0)))),
          i32.store(i32.const(0), i32.load(member.get, 8), place(name)),
          i32.store(i32.const(0), i32.load(member.get, 12), place(name) + 4),
          member.set(i32.add(member.get, i32.const(16))),
        ]),
      ],
    ),
  ];
  return [
    unless(i32.eqz(json.exponents.get)),
    member.set(i32.const(MEMBERS)),
    last.set(i32.add(i32.const(MEMBERS), i32.shl(json.memberCount.get, i32.const(4)))),
    FIELDS.map(take),
    unless(i32.eq(member.get, last.get)),
    unless(i32.eq(lengthOf('schema_version'), i32.const(3))),
    unless(i32.leU(i32.sub(i32.load8(valueFrom('schema_version'), 1), i32.const(0x31)), i32.const(4))),
    at.set(valueFrom('seq')),
    end.set(valueTo('seq')),
    unless(i32.leU(i32.sub(i32.sub(end.get, at.get), i32.const(1)), i32.const(MAX_DIGITS - 1))),
    unless(i32.or(i32.ne(i32.load8(at.get), i32.const(0x30)), i32.eq(i32.sub(end.get, at.get), i32.const(1)))),
    loop((again) => [
      unless(isDigit(i32.load8(at.get))),
      sequence.set(
        i64.add(i64.mul(sequence.get, i64.const(10n)), i64.fromU32(i32.sub(i32.load8(at.get), i32.const(0x30)))),
      ),
      at.set(i32.add(at.get, i32.const(1))),
      when(i32.ltU(at.get, end.get), go(again)),
    ]),
    unless(valueFrom('timestamp')),
    unless(
      instant.call(
        i32.add(valueFrom('timestamp'), i32.const(1)),
        i32.sub(valueTo('timestamp'), i32.const(1)),
        entry.get,
      ),
    ),
    unless(i32.eq(lengthOf('prev_hash'), i32.const(DIGEST + 2))),
    unless(i32.eq(lengthOf('hash'), i32.const(DIGEST + 2))),
    unless(text.digest.call(i32.add(valueFrom('hash'), i32.const(1)), stated.get)),
    when(
      valueFrom('signature'),
      unless(
        text.base64.call(i32.add(valueFrom('signature'), i32.const(1)), i32.sub(valueTo('signature'), i32.const(1))),
      ),
    ),
    i32.store(entry.get, from.get, FROM),
    i32.store(entry.get, to.get, TO),
    i32.store(entry.get, i32.add(valueFrom('hash'), i32.const(1)), HASH_AT),
    i32.store(entry.get, i32.add(valueFrom('prev_hash'), i32.const(1)), PREV_AT),
    f64.store(entry.get, f64.ofI64(sequence.get), SEQUENCE),
    // Covered is all before the hash: up to its comma, and the brace written over that.
    cut.set(i32.sub(valueFrom('hash'), i32.const(HASH_KEY.length - 1))),
    i32.store8(cut.get, i32.const(0x7d)),
    i32.store(span.get, from.get),
    i32.store(span.get, i32.add(cut.get, i32.const(1)), 4),
    i32.const(1),
  ];
};

/** Its verifier is Go, which writes the struct's members, and keys of maps in their order. */
export const agentFenceCanonical: CanonicalLine = ({ text, json, from, to }) => {
  const written = UNLIKE.small | UNLIKE.markup | UNLIKE.separator | UNLIKE.key;
  const all = [
    i32.eqz(i32.and(json.unlike.get, i32.const(~written))),
    ...ALWAYS.map((field) => i32.ne(valueFrom(field), i32.const(0))),
    ...NEVER_EMPTY.map((field) => i32.ne(lengthOf(field), i32.const(2))),
    text.withoutMarkup.call(from.get, to.get),
  ];
  return all.reduce((each, next) => i32.and(each, next));
};
