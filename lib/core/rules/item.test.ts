import { describe, expect, it } from 'vitest';
import { storableText } from '../text/storable';
import { matches } from './matches';
import { parseRuleFile } from './parse';
import type { ExampleEvent } from './rule';

const AT = '2026-05-11T08:00:00Z';

/** Whether a record is one of a rule whose only selection is this, as YAML. */
function holds(selection: string, event: Partial<ExampleEvent>, more = ''): boolean {
  const yaml = `title: t
name: t
${more}placeholders: { Administrators: [root, adm_*, 7] }
logsource: { product: ai_agent, service: guardrail }
detection:
  s: ${selection}
  condition: s
---
title: c
id: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02
level: low
correlation: { type: event_count, rules: [t], timespan: 1h, condition: { gte: 1 } }
`;
  const [rule] = parseRuleFile(yaml, 'rule.yml').bases;
  return rule ? matches(rule.where, { recorded_at: AT, ...event }) : false;
}

describe('modifiers', () => {
  it.each<[string, Partial<ExampleEvent>, boolean]>([
    ['{ target|base64: "cmd" }', { target: 'Y21k' }, true],
    ['{ target|base64|contains: "cmd.exe" }', { target: 'x Y21kLmV4ZQ== y' }, true],
    ['{ target|wide|base64|contains: "cmd" }', { target: 'YwBtAGQA' }, true],
    ['{ target|utf16le|base64: "cmd" }', { target: 'YwBtAGQA' }, true],
    ['{ target|utf16be|base64: "cmd" }', { target: 'AGMAbQBk' }, true],
    ['{ target|utf16|base64: "cmd" }', { target: '//5jAG0AZAA=' }, true],
    ['{ target|utf16le: "cmd" }', { target: storableText('c\0m\0d\0') }, true],
    ['{ target|windash|contains: " -enc" }', { target: 'powershell /enc x' }, true],
    ['{ target|windash|contains: " -enc" }', { target: 'powershell \u2014ENC x' }, true],
    ['{ target|windash|contains: " -enc" }', { target: 'powershell xenc' }, false],
    ['{ target|windash: "a-b -c" }', { target: 'a/b /c' }, false],
    ['{ target|windash: "a-b -c" }', { target: 'a-b /c' }, true],
    ['{ host|cidr: 10.0.0.0/8 }', { host: '10.200.3.4' }, true],
    ['{ host|cidr: 10.0.0.0/8 }', { host: '11.0.0.1' }, false],
    ['{ host|cidr: 10.0.0.0/8 }', { host: 'ten.example' }, false],
    ['{ host|cidr: [192.168.0.0/16, "2001:db8::/32"] }', { host: '2001:DB8:1::7' }, true],
    ['{ host|cidr|neq: 10.0.0.0/8 }', { host: '10.0.0.1' }, false],
    ['{ host|cidr: 10.0.0.0/8 }', { host: '::ffff:10.1.2.3' }, true],
    ['{ actor|fieldref: agent }', { actor: 'Bob', agent: 'bob' }, true],
    ['{ actor|fieldref|cased: agent }', { actor: 'Bob', agent: 'bob' }, false],
    ['{ actor|fieldref: agent }', {}, false],
    ['{ actor|fieldref|neq: agent }', { actor: 'a', agent: 'b' }, true],
    ['{ target|fieldref|endswith: tool }', { target: '/usr/bin/bash', tool: 'bash' }, true],
    ['{ output_tokens|fieldref|gt: input_tokens }', { output_tokens: 9, input_tokens: 3 }, true],
    ['{ actor|expand: "%Administrators%" }', { actor: 'ADM_7' }, true],
    ['{ actor|expand|endswith: "-%Administrators%" }', { actor: 'x-root' }, true],
    ['{ actor|expand: "x%Administrators%" }', { actor: 'x7' }, true],
    ['{ actor: "%Administrators%" }', { actor: '%administrators%' }, true],
    [String.raw`{ actor|expand: '\%plain%Administrators%' }`, { actor: '%plainroot' }, true],
    ['{ target|re: "(?i)^DENY" }', { target: 'denyx' }, true],
    ['{ latency_ms|neq: 5 }', { latency_ms: 5 }, false],
    ['{ latency_ms: "5" }', { latency_ms: 5 }, true],
    ['[curl, wget]', { target: 'run WGET now' }, true],
    ['[curl, wget]', { tool: 'curl' }, true],
    ['[curl, wget]', { target: 'cur l' }, false],
    ['{ "|all": [curl, "-o"] }', { tool: 'curl', target: 'x -O y' }, true],
    ['{ "|all": [curl, "-o"] }', { tool: 'curl', target: 'x' }, false],
    ['{ "|re": "c[u]rl" }', { reason: 'no curl' }, true],
    ['[{ tool: a }, b*c]', { target: 'xbxcx' }, true],
  ])('%s, %j: %s', (selection, event, expected) => {
    expect(holds(selection, event)).toBe(expected);
  });

  it.each<[string, string, string, boolean]>([
    ['{ recorded_at|hour: 8 }', '', AT, true],
    ['{ recorded_at|hour: 10 }', 'timezone: Europe/Berlin\n', AT, true],
    ['{ recorded_at|hour|gte: 22 }', 'timezone: Asia/Kathmandu\n', '2026-05-11T16:15:00Z', true],
    ['{ recorded_at|hour|lt: 22 }', 'timezone: Asia/Kathmandu\n', '2026-05-11T16:15:00Z', false],
    ['{ recorded_at|minute: [44, 45] }', 'timezone: Asia/Kathmandu\n', AT, true],
    ['{ recorded_at|day: 1 }', 'timezone: Pacific/Auckland\n', '2026-05-31T13:00:00Z', true],
    ['{ recorded_at|month: 6 }', 'timezone: Pacific/Auckland\n', '2026-05-31T13:00:00Z', true],
    ['{ recorded_at|week: 53 }', '', '2027-01-03T23:59:59Z', true],
    ['{ recorded_at|week: 1 }', '', '2027-01-04T00:00:00Z', true],
    ['{ recorded_at|year: 2027 }', 'timezone: Asia/Tokyo\n', '2026-12-31T15:00:00Z', true],
    ['{ recorded_at|hour|neq: 8 }', '', AT, false],
  ])('%s %s at %s: %s', (selection, more, at, expected) => {
    expect(holds(selection, { recorded_at: at }, more)).toBe(expected);
  });

  it('finds base64 at every offset, and nothing else', () => {
    for (const before of ['', 'a', 'ab', 'abc', 'é'])
      for (const after of ['', 'x', 'xy', 'xyz'])
        expect(
          holds('{ target|base64offset|contains: "/bin/bash" }', {
            target: btoa(`${before}/bin/bash${after}`.replace('é', '\u{e9}')),
          }),
        ).toBe(true);
    expect(holds('{ target|base64offset|contains: "/bin/bash" }', { target: btoa('/bin/dash') })).toBe(false);
  });

  it('takes several conditions, of which one has to hold', () => {
    const yaml = (condition: string) =>
      `title: t\nname: t\nlogsource: { product: ai_agent, service: guardrail }\ndetection: { a: { tool: a }, b: { tool: b }, condition: ${condition} }\n---\ntitle: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\nlevel: low\ncorrelation: { type: event_count, rules: [t], timespan: 1h, condition: { gte: 1 } }\n`;
    const [rule] = parseRuleFile(yaml('[a, b]'), 'rule.yml').bases;
    expect(rule && ['a', 'b', 'c'].map((tool) => matches(rule.where, { recorded_at: AT, tool }))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('keeps what it does not know at the top level', () => {
    const file = parseRuleFile(
      `title: t\nname: t\nlogsource: { product: ai_agent, service: guardrail }\ndetection: { a: { tool: a }, condition: a }\n---\ntitle: c\nid: 5f0c2b1e-8d3a-4e6b-b7a9-3c9d1e4f2a02\nlevel: low\ncorrelation: { type: event_count, rules: [t], timespan: 1h, condition: { gte: 1 } }\nowner: [soc, 7]\n`,
      'rule.yml',
    );
    expect(file.custom).toEqual({ owner: ['soc', 7] });
  });
});
