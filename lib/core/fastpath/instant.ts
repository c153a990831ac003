import { type Code, go, loop, when } from '../wasm/code';
import { f64, giveBack, i32 } from '../wasm/ops';
import { FRACTION_DIGITS, NANOS, SECONDS, TIME_FROM, TIME_TO } from './layout';
import { type Module, isDigit } from './text';

const NONE = giveBack(i32.const(0));
/** Bytes of `2026-05-11T08:00:00`. */
const WHOLE = 19;

/**
 * (from, to, entry) Whether the bytes state a time as machines do: `2026-05-11T08:00:00.123456789Z`, a fraction of up to nine digits or
 * none. It is written to the entry.
 */
export function defineInstant(module: Module) {
  const instant = module.function(null, ['i32', 'i32', 'i32'], ['i32']);
  instant.define(([from, to, entry], local) => {
    if (!from || !to || !entry) return [];
    const [bad, tens, units, year, month, day, inDay, shifted, at, nanos, digits, byte] = [
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
      local('i32'),
    ];
    const refuse = (condition: Code) => when(condition, NONE);
    const outside = (value: Code, low: number, high: number) =>
      i32.gtU(i32.sub(value, i32.const(low)), i32.const(high - low));
    /** Two digits at an offset; the value is left on the stack. */
    const pair = (offset: number): Code => [
      tens.set(i32.sub(i32.load8(from.get, offset), i32.const(0x30))),
      units.set(i32.sub(i32.load8(from.get, offset + 1), i32.const(0x30))),
      bad.set(i32.or(bad.get, i32.or(i32.gtU(tens.get, i32.const(9)), i32.gtU(units.get, i32.const(9))))),
      i32.add(i32.mul(tens.get, i32.const(10)), units.get),
    ];
    const marks = [
      [4, '-'],
      [7, '-'],
      [10, 'T'],
      [13, ':'],
      [16, ':'],
    ] as const;
    const leap = i32.and(
      i32.eqz(i32.and(year.get, i32.const(3))),
      i32.or(
        i32.ne(i32.sub(year.get, i32.mul(i32.divU(year.get, i32.const(100)), i32.const(100))), i32.const(0)),
        i32.eqz(i32.and(year.get, i32.const(15))),
      ),
    );
    const isOf = (which: readonly number[]) =>
      which.map((one) => i32.eq(month.get, i32.const(one))).reduce((any, next) => i32.or(any, next));
    const over = (days: number) => i32.gtU(day.get, i32.const(days));
    // Years that begin in March end with the day of leap years.
    const isEarly = i32.leU(month.get, i32.const(2));
    const ofYear = i32.add(
      i32.divU(
        i32.add(
          i32.mul(i32.sub(i32.add(month.get, i32.mul(isEarly, i32.const(12))), i32.const(3)), i32.const(153)),
          i32.const(2),
        ),
        i32.const(5),
      ),
      i32.sub(day.get, i32.const(1)),
    );
    const days = [
      i32.mul(shifted.get, i32.const(365)),
      i32.divU(shifted.get, i32.const(4)),
      i32.divU(shifted.get, i32.const(400)),
      ofYear,
      i32.const(-719_468),
    ].reduce((sum, next) => i32.add(sum, next));
    return [
      refuse(outside(i32.sub(to.get, from.get), WHOLE + 1, WHOLE + 11)),
      refuse(i32.ne(i32.load8(i32.sub(to.get, i32.const(1))), i32.const(0x5a))),
      refuse(
        marks
          .map(([offset, mark]) => i32.ne(i32.load8(from.get, offset), i32.const(mark.charCodeAt(0))))
          .reduce((any, next) => i32.or(any, next)),
      ),
      year.set(i32.mul(pair(0), i32.const(100))),
      year.set(i32.add(pair(2), year.get)),
      month.set(pair(5)),
      day.set(pair(8)),
      inDay.set(pair(11)),
      refuse(i32.gtU(inDay.get, i32.const(23))),
      at.set(pair(14)),
      refuse(i32.gtU(at.get, i32.const(59))),
      inDay.set(i32.add(i32.mul(inDay.get, i32.const(60)), at.get)),
      at.set(pair(17)),
      refuse(i32.gtU(at.get, i32.const(59))),
      inDay.set(i32.add(i32.mul(inDay.get, i32.const(60)), at.get)),
      refuse(
        i32.or(
          bad.get,
          i32.or(i32.or(outside(year.get, 1000, 9999), outside(month.get, 1, 12)), outside(day.get, 1, 31)),
        ),
      ),
      refuse(i32.and(isOf([4, 6, 9, 11]), over(30))),
      refuse(i32.and(isOf([2]), i32.or(over(29), i32.and(over(28), i32.eqz(leap))))),
      when(i32.ne(i32.sub(to.get, from.get), i32.const(WHOLE + 1)), [
        refuse(
          i32.or(
            i32.ne(i32.load8(from.get, WHOLE), i32.const(0x2e)),
            i32.eq(i32.sub(to.get, from.get), i32.const(WHOLE + 2)),
          ),
        ),
        at.set(i32.add(from.get, i32.const(WHOLE + 1))),
        loop((again) => [
          byte.set(i32.load8(at.get)),
          refuse(i32.eqz(isDigit(byte.get))),
          nanos.set(i32.add(i32.mul(nanos.get, i32.const(10)), i32.sub(byte.get, i32.const(0x30)))),
          digits.set(i32.add(digits.get, i32.const(1))),
          at.set(i32.add(at.get, i32.const(1))),
          when(i32.ltU(at.get, i32.sub(to.get, i32.const(1))), go(again)),
        ]),
        at.set(digits.get),
        loop((again) =>
          when(i32.ltU(at.get, i32.const(9)), [
            nanos.set(i32.mul(nanos.get, i32.const(10))),
            at.set(i32.add(at.get, i32.const(1))),
            go(again),
          ]),
        ),
      ]),
      shifted.set(i32.sub(year.get, isEarly)),
      i32.store(entry.get, from.get, TIME_FROM),
      i32.store(entry.get, to.get, TIME_TO),
      i32.store(entry.get, nanos.get, NANOS),
      i32.store(entry.get, digits.get, FRACTION_DIGITS),
      f64.store(
        entry.get,
        f64.add(
          f64.mul(f64.ofI32(i32.sub(days, i32.divU(shifted.get, i32.const(100)))), f64.const(86_400)),
          f64.ofI32(inDay.get),
        ),
        SECONDS,
      ),
      i32.const(1),
    ];
  });
  return instant;
}
