import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Statement } from '../statement';
import {
  AuditChainSegment,
  MAX_PLACED_PROBLEMS,
  AUDIT_CHAIN_SEGMENT_TYPE,
  type SegmentStatementInput,
  buildSegmentStatement,
} from './audit-chain-segment';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const example: unknown = JSON.parse(
  /## Example\s+```json\n([\s\S]*?)```/.exec(read('audit-chain-segment.md'))?.[1] ?? 'null',
);

describe('audit-chain-segment/v1', () => {
  it('has the JSON Schema that is published', () => {
    expect(JSON.parse(read('audit-chain-segment.schema.json'))).toEqual({
      $id: AUDIT_CHAIN_SEGMENT_TYPE,
      title: 'Audit Chain Segment',
      ...z.toJSONSchema(AuditChainSegment, { io: 'input' }),
    });
  });

  it('has an example that follows it', () => {
    const statement = Statement.parse(example);
    expect(statement.predicateType).toBe(AUDIT_CHAIN_SEGMENT_TYPE);
    expect(AuditChainSegment.parse(statement.predicate)).toEqual(statement.predicate);
  });

  it('has every field specified', () => {
    const described = [
      ...(read('audit-chain-segment.md')
        .split('### Fields')[1]
        ?.split('## Example')[0]
        ?.matchAll(/^(`\w+`(?:, `\w+`)*) \*/gm) ?? []),
    ].flatMap(([names]) => names.replaceAll(/[`\s*]/g, '').split(','));
    expect(described.toSorted()).toEqual(Object.keys(AuditChainSegment.shape).toSorted());
  });
});

describe('buildSegmentStatement', () => {
  const { problems, ...rest } = AuditChainSegment.parse(Statement.parse(example).predicate);
  const input: SegmentStatementInput = {
    ...rest,
    problems: {
      counts: problems.counts,
      placed: problems.placed.map((problem) => ({ ...problem, severity: 'error' })),
    },
    files: [
      { name: 'pipeline-events.jsonl', sha256: '726436703500187f50978842dccc2f15a7fc3c49a2080ee4a61ab978a9acd7f1' },
    ],
  };

  it('makes the example of the specification', () => {
    expect(buildSegmentStatement(input)).toEqual(example);
  });

  it('speaks of the segments alone when they come from several files', () => {
    expect(buildSegmentStatement({ ...input, files: [] }).subject.map(({ name }) => name)).toEqual([
      'pipeline-events/segment-0.jsonl',
    ]);
  });

  it('places the first hundred problems and counts all', () => {
    const many = Array.from({ length: 250 }, (_, record) => ({
      ...input.problems.placed[0],
      record,
    })) as SegmentStatementInput['problems']['placed']; // the first is there
    const { predicate } = buildSegmentStatement({
      ...input,
      problems: { placed: many, counts: { 'hash-mismatch': 250 } },
    });
    const parsed = AuditChainSegment.parse(predicate);
    expect(parsed.problems.placed).toHaveLength(MAX_PLACED_PROBLEMS);
    expect(parsed.problems.counts).toEqual({ 'hash-mismatch': 250 });
  });

  it('refuses what is no SHA-256', () => {
    expect(() => buildSegmentStatement({ ...input, files: [{ name: 'x', sha256: 'XYZ' }] })).toThrow(z.ZodError);
  });
});
