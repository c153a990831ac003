import { describe, expect, it } from 'vitest';
import { completeRule } from './complete';

const VOCABULARY = {
  fields: [
    { name: 'tool', type: 'text' as const, about: 'The tool.' },
    { name: 'tokens', type: 'number' as const, about: 'Tokens.' },
  ],
  modifiers: ['contains', 'cased', 're'],
  kinds: ['event_count', 'temporal'],
  levels: ['high', 'low'],
};
/** What is proposed at the bar. */
const at = (text: string) => {
  const caret = text.indexOf('¦');
  const found = completeRule(text.replace('¦', ''), caret, VOCABULARY);
  return found && [text.slice(found.from, found.to), found.items.map((item) => item.text)];
};

describe('what can be written', () => {
  it.each([
    ['lev¦', ['lev', ['level: ']]],
    ['level: h¦', ['h', ['high']]],
    ['detection:\n  sel¦', ['sel', ['selection:']]],
    ['detection:\n  a:\n    to¦', ['to', ['tool', 'tokens']]],
    ['detection:\n  a:\n    tool|c¦', ['c', ['contains', 'cased']]],
    ['detection:\n  a:\n    tool|contains|ca¦', ['ca', ['cased']]],
    ['detection:\n  burst:\n    tool: x\n  condition: b¦', ['b', ['burst']]],
    ['detection:\n  burst:\n    tool: x\n  condition: burst a¦', ['a', ['and ', 'all of ']]],
    ['correlation:\n  type: ¦', ['', ['event_count', 'temporal']]],
    ['correlation:\n  ti¦', ['ti', ['timespan: ']]],
    ['correlation:\n  group-by:\n    - ¦', ['', ['tool']]],
    ['correlation:\n  condition:\n    gt¦', ['gt', ['gte: ', 'gt: ']]],
    ['detection:\n  a:\n    tool: ba¦', null],
    ['title: An¦', null],
    ['# lev¦', null],
  ])('%j', (text, expected) => {
    expect(at(text)).toEqual(expected);
  });
});
