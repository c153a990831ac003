import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEARCH_FIELDS } from './fields';
import { MAX_SEARCH_LENGTH, parseSearch } from './parse';
import { SearchError } from './search';
import { searchSql } from './sql';

const text = (column: string, value: string, cased = false) => ({
  kind: 'text',
  column,
  pattern: [{ text: value }],
  cased,
});
const words = (value: string, whole = true) => ({ kind: 'words', text: value, whole });

describe('parseSearch', () => {
  it.each<[string, unknown]>([
    ['', { kind: 'all' }],
    ['  ', { kind: 'all' }],
    ['decision:deny', text('decision', 'deny')],
    ['Decision:DENY', text('decision', 'DENY')],
    ['path:*.env', { kind: 'text', column: 'target', pattern: ['any', { text: '.env' }], cased: false }],
    ['agent:"claude-code"', text('agent', 'claude-code', true)],
    ['agent:""', { kind: 'text', column: 'agent', pattern: [], cased: true }],
    [String.raw`target:a\*b\ c`, text('target', 'a*b c')],
    [String.raw`target:"a \"b\" \\ *"`, text('target', String.raw`a "b" \ *`, true)],
    ['cost>0.5', { kind: 'number', column: 'cost_usd', op: '>', value: 0.5 }],
    ['cost:>=0.5', { kind: 'number', column: 'cost_usd', op: '>=', value: 0.5 }],
    ['cost_usd=2', { kind: 'number', column: 'cost_usd', op: '=', value: 2 }],
    ['latency!=2', { kind: 'not', of: { kind: 'number', column: 'latency_ms', op: '=', value: 2 } }],
    [
      'latency:10..20',
      {
        kind: 'and',
        of: [
          { kind: 'number', column: 'latency_ms', op: '>=', value: 10 },
          { kind: 'number', column: 'latency_ms', op: '<=', value: 20 },
        ],
      },
    ],
    ['latency:..20', { kind: 'number', column: 'latency_ms', op: '<=', value: 20 }],
    [
      'time:2026-05-11',
      {
        kind: 'and',
        of: [
          { kind: 'time', op: '>=', instant: '2026-05-11T00:00:00.000000Z' },
          { kind: 'time', op: '<', instant: '2026-05-12T00:00:00.000000Z' },
        ],
      },
    ],
    ['time>=2026-05-11T08:30', { kind: 'time', op: '>=', instant: '2026-05-11T08:30:00.000000Z' }],
    ['time>2026-12', { kind: 'time', op: '>=', instant: '2027-01-01T00:00:00.000000Z' }],
    ['time<=2026-05-11T08:30:00.9Z', { kind: 'time', op: '<', instant: '2026-05-11T08:30:01.000000Z' }],
    ['model:*', { kind: 'stated', column: 'model' }],
    ['-session:x', { kind: 'not', of: text('session_id', 'x') }],
    ['NOT session:x', { kind: 'not', of: text('session_id', 'x') }],
    ['chain:sample/*', { kind: 'chain', pattern: [{ text: 'sample/' }, 'any'], cased: false }],
    ['"free text"', words('free text')],
    ['drop_table', words('drop_table')],
    ['secr*', words('secr', false)],
    ['-tmp', { kind: 'not', of: words('tmp') }],
    ['claude-code', words('claude-code')],
    ['a b', { kind: 'and', of: [words('a'), words('b')] }],
    ['a AND b', { kind: 'and', of: [words('a'), words('b')] }],
    ['a b OR c', { kind: 'or', of: [{ kind: 'and', of: [words('a'), words('b')] }, words('c')] }],
    ['a (b OR c)', { kind: 'and', of: [words('a'), { kind: 'or', of: [words('b'), words('c')] }] }],
    ['ORDER', words('ORDER')],
    [
      'tool:(bash OR "Read" drop*)',
      {
        kind: 'or',
        of: [
          text('tool', 'bash'),
          text('tool', 'Read', true),
          { kind: 'text', column: 'tool', pattern: [{ text: 'drop' }, 'any'], cased: false },
        ],
      },
    ],
    ['*', { kind: 'all' }],
  ])('reads %s', (written, search) => {
    expect(parseSearch(written).search).toEqual(search);
  });

  it.each<[string, number, number, string]>([
    ['tol:bash', 0, 3, 'There is no field tol. Did you mean tool?'],
    ['a sesion:x', 2, 8, 'Did you mean session?'],
    ['http://x', 0, 4, 'To look for this text, put it in quotes.'],
    ['(a', 0, 1, 'not closed'],
    ['a)', 1, 2, 'no parenthesis open'],
    ['()', 0, 1, 'nothing between the parentheses'],
    ['tool:"a', 5, 6, 'quote is not closed'],
    ['""', 0, 2, 'nothing between the quotes'],
    ['tool:', 5, 5, 'tool needs a value'],
    ['tool: bash', 5, 6, 'tool needs a value'],
    ['OR a', 0, 2, 'on its left'],
    ['a OR', 2, 4, 'on its right'],
    ['a AND', 2, 5, 'on its right'],
    ['NOT', 0, 3, 'on its right'],
    ['cost:much', 5, 9, 'holds numbers'],
    ['cost:1..x', 5, 9, 'holds numbers'],
    ['cost:..', 5, 7, 'A range'],
    ['cost>1..2', 5, 9, 'A range'],
    ['tool>x', 5, 6, 'not greater or less'],
    ['decision:refused', 9, 16, 'A decision is one of allow'],
    ['time:yesterday', 5, 14, 'A time is written'],
    ['time:2026-02-30', 5, 15, 'A time is written'],
    ['a?b', 0, 3, 'Name a field'],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, 21, 22, 'nest at most 20'],
    ['a '.repeat(300), 400, 600, 'at most 200 terms'],
    ['a'.repeat(MAX_SEARCH_LENGTH + 1), MAX_SEARCH_LENGTH, MAX_SEARCH_LENGTH + 1, 'at most 4000 characters'],
  ])('refuses what is none, and says where: %#', (written, from, to, message) => {
    const refusal = refused(written);
    expect(refusal?.message).toContain(message);
    expect(refusal?.span).toEqual({ from, to });
  });

  it('tells the parts apart that all must hold', () => {
    const written = 'decision:deny  (a OR b) -tool:"x y"';
    expect(parseSearch(written).parts.map(({ from, to }) => written.slice(from, to))).toEqual([
      'decision:deny',
      '(a OR b)',
      '-tool:"x y"',
    ]);
    expect(parseSearch('a OR b').parts).toEqual([{ from: 0, to: 6 }]);
  });
});

function refused(written: string): SearchError | null {
  try {
    parseSearch(written);
    return null;
  } catch (error) {
    if (error instanceof SearchError) return error;
    throw error;
  }
}

/** Texts as people type them, and as they must not. */
const piece = fc.oneof(
  fc.constantFrom(...SEARCH_FIELDS.flatMap(({ names }) => names.map((name) => `${name}:`))),
  fc.constantFrom(
    '(',
    ')',
    '"',
    '\\',
    ' ',
    'OR',
    'AND',
    'NOT',
    '-',
    '*',
    '?',
    ':',
    '>',
    '<=',
    '!=',
    '..',
    "'",
    ';--',
    '{p0:String}',
    '`',
    '\n',
    '\0',
    '\ud83d',
    '😀',
  ),
  fc.constantFrom('deny', '2026-05-11', '5', '0.5', 'bash', "'; DROP TABLE events; --", '1e9', 'ß', 'İ'),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

it('reads or refuses any text, in place, and lets none of it into SQL', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const written = pieces.join('');
      const refusal = refused(written);
      const { from, to } = refusal?.span ?? { from: 0, to: 0 };
      expect(0 <= from && from <= to && to <= written.length).toBe(true);
      if (refusal) return;
      const parameters = {};
      const sql = searchSql(parseSearch(written).search, parameters, { chains: () => [] });
      // What is left when our own words, names and parameters are taken out.
      const names = SEARCH_FIELDS.map(({ name }) => name).join('|');
      const ours = new RegExp(
        String.raw`\{s\d+:(?:String|Float64|Array\(String\)|Array\(UUID\)|Int64)\}|\b(?:${names})\b|lower|concatWithSeparator|'\\n'|hasAllTokens|position|toDateTime64\(0, 6, 'UTC'\)|fromUnixTimestamp64Micro|'UTC'|ifNull|\b(?:AND|OR|NOT|LIKE|IN|IS|NULL|true|false)\b|''|[()=<>!,0 ]`,
        'g',
      );
      expect(sql.replaceAll(ours, '')).toBe('');
      expect(Object.keys(parameters).every((name) => sql.includes(`{${name}:`))).toBe(true);
    }),
    { numRuns: Number(process.env['SEALTRAIL_FUZZ_INPUTS'] ?? 5_000) },
  );
});
