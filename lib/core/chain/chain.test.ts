import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { type Content, type Writer, bare, contents, hashOf, toBytes, writers } from '../../testing/chains';
import { briefly, checkBytes, verifySegments } from '../../testing/verify';
import { type Witnessed, joinSegments, segmentVerdict } from './join';
import type { Verdict } from './verdict';

const hasher = await createHasher();
const all = Object.values(writers(hasher));
const verify = ({ format }: Writer, lines: readonly string[], witnessed: Witnessed[] = []) =>
  verifySegments(format, hasher, [toBytes(lines)], witnessed);
/** A list, and a position in it that leaves `before` and `after` records around. */
const chainAnd = (before: number, after: number) =>
  contents(before + after + 1, 12).chain((list) =>
    fc.tuple(fc.constant(list), fc.integer({ min: before, max: list.length - 1 - after })),
  );
const content = (note: string): Content => ({ tool: 'bash', decision: 'deny', note });

describe.each(all)('a chain of $format.label', (writer) => {
  const { format, write } = writer;
  const isNumbered = format.firstSequence !== null;
  const first = format.firstSequence ?? 1;
  const restarts = format.id === 'arbiter';

  it('verifies as it was written', () => {
    fc.assert(
      fc.property(contents(1, 12), (list) => {
        const verified = verify(writer, write(list));
        expect(verified).toMatchObject({
          verdict: 'verified',
          records: list.length,
          validRecords: list.length,
          head: hashOf(write(list).at(-1)),
          problems: [],
        });
      }),
    );
  });

  it('whose record was changed is tampered with at that record, and nowhere else', () => {
    fc.assert(
      // Not the first: when the name of its hash is hit it looks like a record from before the chain, and the next one tells.
      fc.property(chainAnd(1, 0), fc.nat(), fc.nat({ max: 7 }), ([list, at], where, bit) => {
        const lines = write(list);
        const bytes = toBytes(lines);
        const start = toBytes(lines.slice(0, at)).length;
        const length = Buffer.byteLength(lines[at] ?? '');
        const target = start + (where % length);
        bytes[target] = (bytes[target] ?? 0) ^ (1 << bit);
        const verified = verifySegments(format, hasher, [bytes]);
        expect(new Set(verified.problems.map(({ record }) => record))).toEqual(new Set([at]));
        // Upper and lower case are one in escapes, in Go's keys and in nono's hashes, and nono leaves keys of the envelope uncovered: told, but no break.
        const allowed = ['nono', 'agentfence', 'vouch'].includes(format.id)
          ? ['tampered', 'corrupt', 'verified-with-warnings']
          : ['tampered', 'corrupt'];
        expect(allowed).toContain(verified.verdict);
      }),
      { numRuns: 400 },
    );
  });

  it('whose record was written anew with a fitting hash breaks at the next record', () => {
    fc.assert(
      fc.property(chainAnd(0, 1), ([list, at]) => {
        const lines = write(list);
        const prev = at === 0 ? format.genesis : hashOf(lines[at - 1]);
        const [forged = ''] = write([content('forged')], { prev, sequence: first + at });
        const verified = verify(writer, lines.with(at, forged));
        expect(briefly(verified.problems)).toEqual([`${isNumbered ? 'link-mismatch' : 'missing-records'}@${at + 2}`]);
      }),
    );
  });

  it('that lacks a record has a gap where it was; the last one is missed only by a witness', () => {
    fc.assert(
      fc.property(chainAnd(0, 1), ([list, at]) => {
        const lines = write(list);
        const verified = verify(writer, lines.toSpliced(at, 1));
        const code = at > 0 ? 'missing-records' : 'missing-beginning';
        expect(briefly(verified.problems)).toEqual([`${code}@${at + 1}`]);
        expect(verified).toMatchObject({ verdict: 'gap', validRecords: list.length - 1 });

        const cut = lines.slice(0, at + 1);
        expect(verify(writer, cut).verdict).toBe('verified');
        const head = {
          records: list.length,
          sizeBytes: toBytes(lines).length,
          hash: hashOf(lines.at(-1)),
          observedAt: '2026-05-12T00:00:00Z',
        };
        expect(verify(writer, cut, [{ ...head, found: null }])).toMatchObject({
          verdict: 'truncated',
          problemCounts: { 'shorter-than-witnessed': 1 },
        });
        expect(verify(writer, lines, [{ ...head, found: head.hash }]).verdict).toBe('verified');
        expect(verify(writer, lines, [{ ...head, found: 'other' }])).toMatchObject({
          verdict: 'tampered',
          problemCounts: { 'history-rewritten': 1 },
        });
      }),
    );
  });

  it('with two neighbours swapped is out of order there', () => {
    fc.assert(
      fc.property(chainAnd(0, 2), ([list, at]) => {
        const lines = write(list);
        const swapped = lines.with(at, lines[at + 1] ?? '').with(at + 1, lines[at] ?? '');
        expect(briefly(verify(writer, swapped).problems)).toEqual([1, 2, 3].map((line) => `out-of-order@${at + line}`));
      }),
    );
  });

  it('with a record twice names the repetition only', () => {
    fc.assert(
      fc.property(chainAnd(0, 0), fc.nat(), ([list, at], where) => {
        const lines = write(list);
        const target = at + 1 + (where % (list.length - at));
        const verified = verify(writer, lines.toSpliced(target, 0, lines[at] ?? ''));
        expect(briefly(verified.problems)).toEqual([`duplicate-record@${target + 1}`]);
      }),
    );
  });

  it('with a second branch is forked where the branch begins, even when the two interleave', () => {
    fc.assert(
      fc.property(chainAnd(1, 1), fc.integer({ min: 1, max: 4 }), ([list, at], length) => {
        const lines = write(list);
        const branch = write(
          Array.from({ length }, (_, index) => content(`branch ${index}`)),
          { prev: hashOf(lines[at - 1]), sequence: first + at },
        );
        const rest = lines.slice(at);
        const interleaved = Array.from({ length: Math.max(rest.length, branch.length) }, (_, index) => [
          rest[index],
          branch[index],
        ])
          .flat()
          .filter((line) => line !== undefined);
        const verified = verify(writer, [...lines.slice(0, at), ...interleaved]);
        expect(briefly(verified.problems)).toEqual([`fork@${at + 2}`]);
        expect(verified.verdict).toBe('forked');
      }),
    );
  });

  it('with records put in from another chain is broken where they begin and where they end', () => {
    fc.assert(
      fc.property(chainAnd(1, 0), fc.integer({ min: 1, max: 3 }), ([list, at], length) => {
        const strangers = write(
          Array.from({ length }, (_, index) => content(`stranger ${index}`)),
          { prev: 'e'.repeat(64), sequence: first + at },
        );
        const verified = verify(writer, write(list).toSpliced(at, 0, ...strangers));
        expect(briefly(verified.problems)).toEqual([
          `${isNumbered ? 'link-mismatch' : 'missing-records'}@${at + 1}`,
          `out-of-order@${at + length + 1}`,
        ]);
      }),
    );
  });

  it('with a record that lost its hash says so, wherever it is', () => {
    fc.assert(
      fc.property(chainAnd(1, 0), ([list, at]) => {
        const lines = write(list);
        const stripped = bare(lines[at]);
        const verified = verify(writer, lines.with(at, stripped));
        expect(briefly(verified.problems)).toEqual([`missing-hash@${at + 1}`]);
        expect(verified.verdict).toBe('tampered');
      }),
    );
  });

  it('with a damaged line is corrupt there, and what the damage hides is no second problem', () => {
    fc.assert(
      fc.property(chainAnd(0, 0), ([list, at]) => {
        const verified = verify(writer, write(list).with(at, '{"broken'));
        expect(briefly(verified.problems)).toEqual([`not-json@${at + 1}`]);
        expect(verified.verdict).toBe('corrupt');
      }),
    );
  });

  it('torn at its end says so; whole without the last newline it is merely open', () => {
    fc.assert(
      fc.property(contents(2, 8), fc.nat(), (list, where) => {
        const bytes = toBytes(write(list));
        const last = toBytes(write(list).slice(0, -1)).length;
        const { check, problems } = checkBytes(format, hasher, bytes.subarray(0, -1));
        expect(check).toMatchObject({ openTail: true, records: list.length });
        expect(problems).toEqual([]);
        const torn = verifySegments(format, hasher, [
          bytes.subarray(0, last + 1 + (where % (bytes.length - last - 3))),
        ]);
        expect(briefly(torn.problems)).toEqual([`torn-tail@${list.length}`]);
      }),
    );
  });

  it('appended to after a tear names the torn bytes, once, and proves what stands behind them', () => {
    const lines = write([0, 1, 2, 3, 4].map((n) => content(String(n))));
    const glued = [...lines.slice(0, 2), `${lines[2]?.slice(0, 40)}${lines[3]}`, ...lines.slice(4)];
    const verified = verify(writer, glued);
    expect(briefly(verified.problems)).toEqual(['glued-line@3']);
    expect(verified).toMatchObject({ verdict: 'corrupt', records: 4, validRecords: 4 });
  });

  it('without some of its newlines is proven record by record', () => {
    fc.assert(
      fc.property(contents(2, 12), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (list, joined) => {
        const lines = write(list);
        const text = lines
          .map((line, index) => line + (joined[index] && index < lines.length - 1 ? '' : '\n'))
          .join('');
        const bytes = Buffer.from(text);
        const verified = verifySegments(format, hasher, [bytes]);
        const missing = lines.slice(0, -1).filter((_, index) => joined[index]).length;
        expect(verified).toMatchObject({
          records: lines.length,
          validRecords: lines.length,
          head: hashOf(lines.at(-1)),
          verdict: missing > 0 ? 'verified-with-warnings' : 'verified',
          problemCounts: missing > 0 ? { 'missing-newline': missing } : {},
        });
        expect(
          verified.problems.map(({ byteOffset, byteLength }) =>
            bytes.subarray(byteOffset, byteOffset + byteLength).toString(),
          ),
        ).toEqual(lines.filter((_, index) => index > 0 && joined[index - 1]));
        const changed = verifySegments(format, hasher, [Buffer.from(text.replace('bash', 'bush'))]);
        expect(changed.verdict === 'tampered').toBe(text.includes('bash'));
      }),
    );
  });

  it('with zero bytes in it says where, and proves every record that is whole', () => {
    const lines = write([0, 1, 2, 3].map((n) => content(String(n))));
    const zeros = '\0'.repeat(10_000);
    const placed = (text: string) => {
      const { verdict, records, validRecords, problems } = verifySegments(format, hasher, [Buffer.from(text)]);
      return [
        verdict,
        records,
        validRecords,
        ...problems.map(({ code, byteOffset, byteLength }) => `${code}@${byteOffset}+${byteLength}`),
      ];
    };
    const [a = '', b = '', c = '', d = ''] = lines.map((line) => `${line}\n`);
    const at = Buffer.byteLength(a);
    expect(placed(a + zeros + b + c + d)).toEqual(['corrupt', 4, 4, `zero-bytes@${at}+10000`]);
    expect(placed(`${a}${zeros}\n${b}${c}${d}`)).toEqual(['corrupt', 4, 4, `zero-bytes@${at}+10000`]);
    expect(placed(`${a}${lines[1]}${zeros}\n${c}${d}`)).toEqual([
      'corrupt',
      4,
      4,
      `zero-bytes@${at + Buffer.byteLength(lines[1] ?? '')}+10000`,
    ]);
    expect(placed(a + b + c + d + zeros)).toEqual([
      'corrupt',
      4,
      4,
      `zero-bytes@${Buffer.byteLength(a + b + c + d)}+10000`,
    ]);
    expect(placed(`${a}${b.slice(0, 30)}${zeros}${c}${d}`)).toEqual([
      'corrupt',
      3,
      3,
      `glued-line@${at}+30`,
      `zero-bytes@${at + 30}+10000`,
    ]);
  });

  it('behind byte-order marks is proven, with a warning at each', () => {
    const lines = write([0, 1, 2].map((n) => content(String(n))));
    const verified = verifySegments(format, hasher, [
      Buffer.from(`\uFEFF${lines[0]}\r\n${lines[1]}\n\uFEFF${lines[2]}\n`),
    ]);
    expect(verified).toMatchObject({
      verdict: 'verified-with-warnings',
      records: 3,
      validRecords: 3,
      problemCounts: { 'byte-order-mark': 2, crlf: 1 },
    });
  });

  it('is read in linear time, however it is broken', () => {
    const [line = ''] = write([content('x')]);
    const torn = line.slice(0, 60).repeat(40_000);
    expect(verifySegments(format, hasher, [Buffer.from(torn)])).toMatchObject({ verdict: 'corrupt', records: 0 });
    expect(verifySegments(format, hasher, [Buffer.from(torn + line)]).verdict).toBe('corrupt');
    const holes = verifySegments(format, hasher, [Buffer.from(`${'\0a'.repeat(1_000_000)}\n${line}\n`)]);
    expect(holes).toMatchObject({ verdict: 'corrupt', records: 1 });
    expect(holes.problems.length).toBeLessThan(20);
  });

  it('in UTF-16 is named line by line, behind records in UTF-8 too', () => {
    const [one = '', two = '', three = ''] = write([0, 1, 2].map((n) => content(String(n))));
    const appended = Buffer.concat([Buffer.from(`${one}\n`), Buffer.from(`${two}\r\n${three}\r\n`, 'utf16le')]);
    const verified = verifySegments(format, hasher, [appended]);
    expect(verified).toMatchObject({ verdict: 'corrupt', records: 1 });
    expect(briefly(verified.problems).slice(0, 2)).toEqual(['not-utf8@2', 'not-utf8@3']);
    expect(verified.problems[0]?.message).toContain('UTF-16');
  });

  it('spliced from two writers names the second beginning', () => {
    const [one, two] = [write([content('a'), content('b')]), write([content('c'), content('d')])];
    const verified = verify(writer, [...one, ...two]);
    expect(verified.verdict).toBe(restarts ? 'restarted' : 'forked');
    expect(briefly(verified.problems)).toEqual([`${restarts ? 'restart' : 'fork'}@3`]);
  });

  it('after records without a hash has a legacy prefix, unless the first link shows more was there', () => {
    const lines = write([0, 1, 2].map((n) => content(String(n))));
    const prefixed = format.legacyPrefix
      ? { verdict: 'verified-with-warnings', problemCounts: { 'legacy-prefix': 1 } }
      : { verdict: 'tampered', problemCounts: { 'missing-hash': 1 } };
    expect(verify(writer, [bare(lines[0]), ...lines])).toMatchObject(prefixed);
    expect(verify(writer, [bare(lines[0]), ...lines.slice(1)]).verdict).toBe('tampered');
    expect(verify(writer, lines.map(bare))).toMatchObject({
      verdict: 'unchained',
      problemCounts: { 'no-chain': 1 },
      validRecords: 0,
    });
  });

  it('that is empty holds nothing to prove', () => {
    expect(joinSegments(format, [], [])).toMatchObject({
      verdict: 'unchained',
      records: 0,
      head: null,
      problemCounts: { 'no-chain': 1 },
    });
  });

  it('comes out the same wherever it is cut into segments', () => {
    type Edit = (lines: string[], at: number, other: number) => string[];
    const edits: Edit[] = [
      (lines) => lines,
      (lines, at) => lines.toSpliced(at, 1),
      (lines, at, other) => lines.toSpliced(at, 0, lines[other] ?? ''),
      (lines, at, other) => lines.with(at, lines[other] ?? '').with(other, lines[at] ?? ''),
      (lines, at) => lines.with(at, (lines[at] ?? '').replace('"a"', '"x"')),
      (lines, at) => lines.with(at, '{"broken'),
      (lines, at) => lines.toSpliced(at, 0, ''),
      (lines, at) => lines.with(at, bare(lines[at])),
      (lines, at) => lines.with(at, (lines[at] ?? '').replaceAll('":', '": ')),
      (lines, at, other) =>
        lines.toSpliced(
          at,
          0,
          ...write([content('x'), content('y')], { prev: hashOf(lines[other]), sequence: first + other + 1 }),
        ),
      (lines, at) => lines.toSpliced(at, 0, ...write([content('n'), content('o')])),
    ];
    const edit = fc.record({ edit: fc.constantFrom(...edits), at: fc.nat(), other: fc.nat() });
    fc.assert(
      fc.property(
        contents(1, 10),
        fc.array(edit, { maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 4 }),
        (list, changes, cuts) => {
          const lines = changes.reduce(
            (now, { edit: change, at, other }) =>
              now.length === 0 ? now : change(now, at % now.length, other % now.length),
            write(list),
          );
          const whole = verify(writer, lines);
          const places = [...new Set(cuts.map((cut) => cut % (lines.length + 1)))].toSorted((a, b) => a - b);
          const pieces = [0, ...places].map((from, index) => toBytes(lines.slice(from, places[index] ?? lines.length)));
          // Which problems lie at a boundary is the one thing that depends on the cuts.
          expect({ ...verifySegments(format, hasher, pieces), boundaryProblems: [] }).toEqual({
            ...whole,
            boundaryProblems: [],
          });
        },
      ),
      { numRuns: 1500 },
    );
  });
});

it('a segment has a verdict of its own, whatever lies before it', () => {
  const { write, format } = writers(hasher).arbiter;
  const lines = write([0, 1, 2, 3, 4, 5].map((n) => content(String(n))));
  const verdict = (part: string[]): Verdict => segmentVerdict(format, checkBytes(format, hasher, toBytes(part)).check);
  expect(verdict(lines.slice(3))).toBe('verified');
  expect(verdict(lines.slice(3).toSpliced(1, 1))).toBe('gap');
  expect(verdict(lines.slice(3).with(1, 'x'))).toBe('corrupt');
});

it('a record of nono whose number was changed is told at that record, whatever the number is now', () => {
  const writer = writers(hasher).nono;
  const lines = writer.write(Array.from({ length: 6 }, (_, n) => content(`${n}`)));
  for (const at of [1, 2, 3, 4, 5])
    for (const to of [0, 1, 2, 3, 5, 9].filter((number) => number !== at)) {
      const changed = lines.with(at, (lines[at] ?? '').replace(`"sequence":${at},`, `"sequence":${to},`));
      expect({ at, to, told: briefly(verify(writer, changed).problems) }).toEqual({
        at,
        to,
        told: [`sequence-mismatch@${at + 1}`],
      });
    }
});
