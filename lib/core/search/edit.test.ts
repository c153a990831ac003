import { describe, expect, it } from 'vitest';
import { completionAt } from './complete';
import { standsIn, termOf, toggleTerm } from './edit';
import { parseSearch } from './parse';

describe('toggleTerm', () => {
  it('asks for a value, keeps it out, and forgets it again', () => {
    const asked = toggleTerm('', 'tool', 'bash', 'in');
    expect(asked).toBe('tool:"bash"');
    expect(toggleTerm(asked, 'tool', 'bash', 'out')).toBe('-tool:"bash"');
    expect(toggleTerm(asked, 'tool', 'bash', 'in')).toBe('');
    expect(toggleTerm('-tool:"bash" cost>1', 'tool', 'bash', 'in')).toBe('cost>1 tool:"bash"');
    expect(toggleTerm('decision:deny', 'decision', 'allow', 'out')).toBe('decision:deny -decision:allow');
    expect(toggleTerm('', 'latency', '250', 'in')).toBe('latency:250');
    const at = '2026-05-11T08:00:05.123456Z';
    expect(parseSearch(toggleTerm('', 'time', at, 'out')).search).toMatchObject({
      kind: 'not',
      of: {
        of: [
          { op: '>=', instant: at },
          { op: '<', instant: '2026-05-11T08:00:05.123457Z' },
        ],
      },
    });
    expect(toggleTerm('a OR b', 'tool', 'bash', 'in')).toBe('(a OR b) tool:"bash"');
  });

  it.each(['a "b" \\ c', '', 'two\nlines', '*'])('writes %j so that it is read as that', (value) => {
    const search = toggleTerm('decision:deny', 'reason', value, 'in');
    expect(parseSearch(search).search).toMatchObject({ of: [{}, { kind: 'text', column: 'reason', cased: true }] });
    expect(standsIn(search, 'reason', value)).toBe('in');
    expect(parseSearch(termOf('reason', value)).search).toMatchObject({
      pattern: value === '' ? [] : [{ text: value }],
    });
  });
});

describe('completionAt', () => {
  it.each([
    ['to', 'field', 0],
    ['decision:deny to', 'field', 14],
    ['-to', 'field', 1],
    ['(to', 'field', 1],
    ['tool:ba', 'value', 5],
    ['-tool:"ba', 'value', 6],
    ['tool:', 'value', 5],
    ['decision:', 'value', 9],
  ])('proposes after %s', (search, kind, from) => {
    expect(completionAt(search, search.length)).toMatchObject({ kind, from, to: search.length });
  });

  it.each(['cost:1', '"to', 'nothing:x', 'zzz', 'tool:"bash"'])('proposes nothing after %s', (search) => {
    expect(completionAt(search, search.length)).toBeNull();
  });
});
