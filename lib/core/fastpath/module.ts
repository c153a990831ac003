import { type Code, go, loop, when } from '../wasm/code';
import { createModule } from '../wasm/module';
import { f64, giveBack, i32, v128 } from '../wasm/ops';
import { defineInstant } from './instant';
import { defineJson } from './json';
import {
  CANONICAL,
  SECONDARY_FOUND,
  SECONDARY_SPANS,
  SECONDARY_STATED,
  SURPLUS,
  ENTRIES,
  ENTRY_BYTES,
  FOUND,
  HASH_AT,
  HOLDS,
  LINKED,
  MAX_ENTRIES,
  PAGES,
  PREV_AT,
  SCRATCH,
  SEQUENCE,
  SPANS,
  STATED,
  TO,
} from './layout';
import type { FastpathFormat } from './line-rule';
import { defineText } from './text';

/**
 * A module that reads lines by a rule. `scan(from, end)` makes entries of the lines that follow it, up to the last newline before `end`
 * or until there is no room, and gives their count; `compare(count)` then compares the hashes found for them. With `canonical` it says of each which it is.
 */
export function scannerBytes(
  { rule, canonical: isCanonicalLine, numbered, secondaryHash }: FastpathFormat,
  { canonical: isAsked }: { canonical: boolean },
): Uint8Array<ArrayBuffer> {
  const canonical = isAsked ? isCanonicalLine : undefined;
  const module = createModule(PAGES);
  const text = defineText(module);
  const json = defineJson(module, { notes: canonical !== undefined });
  const instant = defineInstant(module);

  const scratch = module.global();

  /** (from, to, entry, span, stated, secondarySpan, secondaryStated) */
  const line = module.function(null, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], ['i32']);
  line.define(([from, to, entry, span, stated, secondarySpan, secondaryStated], local) =>
    from && to && entry && span && stated && secondarySpan && secondaryStated
      ? rule({
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
        })
      : [],
  );

  const isCanonical = module.function(null, ['i32', 'i32'], ['i32']);
  isCanonical.define(([from, to], local) =>
    from && to ? (canonical?.({ text, json, from, to, local }) ?? i32.const(0)) : [],
  );

  const scan = module.function('scan', ['i32', 'i32'], ['i32']);
  scan.define(([from, end], local) => {
    if (!from || !end) return [];
    const [to, count, entry, read] = [local('i32'), local('i32'), local('i32'), local('i32')];
    const at = (base: number, bytes: number) => i32.add(i32.const(base), i32.mul(count.get, i32.const(bytes)));
    const before = i32.sub(entry.get, i32.const(ENTRY_BYTES));
    const follows: Code = numbered
      ? f64.eq(f64.load(entry.get, SEQUENCE), f64.add(f64.load(before, SEQUENCE), f64.const(1)))
      : i32.const(1);
    return [
      scratch.set(i32.const(SCRATCH)),
      loop((next) => [
        when(i32.eq(count.get, i32.const(MAX_ENTRIES)), giveBack(count.get)),
        when(i32.geU(from.get, end.get), giveBack(count.get)),
        // Where the object is not taken, or goes on beyond what is there, only the end of its line matters.
        read.set(json.scan.call(from.get)),
        to.set(read.get),
        when(i32.or(i32.eqz(read.get), i32.geU(read.get, end.get)), [
          to.set(text.newline.call(from.get, end.get)),
          read.set(i32.const(0)),
          when(i32.geU(to.get, end.get), giveBack(count.get)),
        ]),
        entry.set(at(ENTRIES, ENTRY_BYTES)),
        when(
          read.get,
          when(
            line.call(
              from.get,
              to.get,
              entry.get,
              at(SPANS, 8),
              at(STATED, 32),
              at(SECONDARY_SPANS, 8),
              at(SECONDARY_STATED, 32),
            ),
            [
              i32.store(entry.get, isCanonical.call(from.get, to.get), CANONICAL),
              i32.store(entry.get, json.surplus.get, SURPLUS),
              i32.store(entry.get, i32.const(0), LINKED),
              when(
                i32.and(i32.ne(count.get, i32.const(0)), i32.eq(i32.load(before, TO), i32.sub(from.get, i32.const(1)))),
                [
                  i32.store(
                    entry.get,
                    i32.and(text.same64.call(i32.load(entry.get, PREV_AT), i32.load(before, HASH_AT)), follows),
                    LINKED,
                  ),
                ],
              ),
              count.set(i32.add(count.get, i32.const(1))),
            ],
          ),
        ),
        from.set(i32.add(to.get, i32.const(1))),
        go(next),
      ]),
      count.get,
    ];
  });

  const compare = module.function('compare', ['i32'], []);
  compare.define(([count], local) => {
    if (!count) return [];
    const index = local('i32');
    const at = i32.mul(index.get, i32.const(32));
    const pairs = [
      [STATED, FOUND],
      [STATED + 16, FOUND + 16],
      ...(secondaryHash
        ? [
            [SECONDARY_STATED, SECONDARY_FOUND],
            [SECONDARY_STATED + 16, SECONDARY_FOUND + 16],
          ]
        : []),
    ] as const;
    const differences = pairs.map(([stated = 0, found = 0]) => v128.xor(v128.load(at, stated), v128.load(at, found)));
    return loop((again) =>
      when(i32.ltU(index.get, count.get), [
        i32.store(
          i32.mul(index.get, i32.const(ENTRY_BYTES)),
          i32.eqz(v128.anyTrue(differences.reduce((all, next) => v128.or(all, next)))),
          ENTRIES + HOLDS,
        ),
        index.set(i32.add(index.get, i32.const(1))),
        go(again),
      ]),
    );
  });
  return module.bytes();
}
