// Written from ../rules.ts by browser.test.ts, as CONTRIBUTING.md says.
import type * as z from 'zod';
import type * as schemas from '@/lib/schemas/rules';
import { reader } from './reader';

export type RuleCheck = z.infer<typeof schemas.RuleCheck>;
export const RuleCheck = reader<RuleCheck>({
  type: 'object',
  properties: {
    rule: {
      anyOf: [
        {
          type: 'object',
          properties: {
            id: {
              type: 'string',
              pattern: '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$',
            },
            title: { type: 'string' },
            level: { type: 'string', enum: ['critical', 'high', 'medium', 'low', 'informational'] },
            kind: {
              type: 'string',
              enum: [
                'record',
                'chain',
                'baseline',
                'event_count',
                'new_terms',
                'temporal',
                'temporal_ordered',
                'value_avg',
                'value_count',
                'value_median',
                'value_percentile',
                'value_sum',
              ],
            },
            timespan: { type: 'string' },
            groupBy: { type: 'array', items: { type: 'string' } },
          },
          required: ['id', 'title', 'level', 'kind', 'timespan', 'groupBy'],
        },
        { type: 'null' },
      ],
    },
    problems: {
      type: 'array',
      items: {
        type: 'object',
        properties: { message: { type: 'string' }, line: { type: 'integer' }, column: { type: 'integer' } },
        required: ['message', 'line', 'column'],
      },
    },
  },
  required: ['rule', 'problems'],
});
export type RulePreview = z.infer<typeof schemas.RulePreview>;
export const RulePreview = reader<RulePreview>({
  type: 'object',
  properties: {
    period: {
      type: 'object',
      properties: {
        from: {
          type: 'string',
          pattern:
            '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
        },
        to: {
          type: 'string',
          pattern:
            '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
        },
      },
      required: ['from', 'to'],
    },
    findings: { type: 'integer' },
    isAll: { type: 'boolean' },
    days: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          day: {
            type: 'string',
            pattern:
              '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))$',
          },
          findings: { type: 'integer' },
        },
        required: ['day', 'findings'],
      },
    },
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          level: { type: 'string', enum: ['critical', 'high', 'medium', 'low', 'informational'] },
          group: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'string' } },
          windowFrom: {
            type: 'string',
            pattern:
              '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
          },
          windowTo: {
            type: 'string',
            pattern:
              '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
          },
          measures: {
            type: 'object',
            properties: {
              kind: {
                type: 'string',
                enum: [
                  'baseline',
                  'event_count',
                  'new_terms',
                  'temporal',
                  'temporal_ordered',
                  'value_avg',
                  'value_count',
                  'value_median',
                  'value_percentile',
                  'value_sum',
                ],
              },
              count: { type: 'number' },
              threshold: { type: 'number' },
              baseline: {
                type: 'object',
                properties: {
                  of: { type: 'string', enum: ['event_count', 'value_count', 'value_sum'] },
                  history: { type: 'string' },
                  perWindow: { anyOf: [{ type: 'number' }, { type: 'null' }] },
                  ratio: { anyOf: [{ type: 'number' }, { type: 'null' }] },
                },
                required: ['of', 'history', 'perWindow', 'ratio'],
              },
              timespan: { type: 'string' },
              rule: { type: 'string' },
            },
            required: ['kind', 'count', 'threshold', 'timespan'],
          },
          recordCount: { type: 'integer' },
          records: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                chainId: {
                  type: 'string',
                  pattern:
                    '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
                },
                chain: { type: 'string' },
                ordinal: { type: 'integer' },
                recordedAt: {
                  type: 'string',
                  pattern:
                    '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
                },
                decision: { type: 'string', enum: ['allow', 'deny', 'ask', 'transform', 'local', 'error', 'info'] },
                tool: { type: 'string' },
                target: { type: 'string' },
              },
              required: ['chainId', 'chain', 'ordinal', 'recordedAt', 'decision', 'tool', 'target'],
            },
          },
        },
        required: ['level', 'group', 'windowFrom', 'windowTo', 'measures', 'recordCount', 'records'],
      },
    },
    cost: {
      type: 'object',
      properties: { elapsedMs: { type: 'integer' }, records: { type: 'integer' } },
      required: ['elapsedMs', 'records'],
    },
  },
  required: ['period', 'findings', 'isAll', 'days', 'items', 'cost'],
});
export type RuleImport = z.infer<typeof schemas.RuleImport>;
export const RuleImport = reader<RuleImport>({
  type: 'object',
  properties: {
    isDryRun: { type: 'boolean' },
    taken: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: { type: 'string' },
          id: { type: 'string' },
          title: { type: 'string' },
          level: { type: 'string', enum: ['critical', 'high', 'medium', 'low', 'informational'] },
        },
        required: ['file', 'id', 'title', 'level'],
      },
    },
    known: {
      type: 'array',
      items: {
        type: 'object',
        properties: { file: { type: 'string' }, id: { type: 'string' }, title: { type: 'string' } },
        required: ['file', 'id', 'title'],
      },
    },
    refused: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: { type: 'string' },
          message: { type: 'string' },
          line: { type: 'integer' },
          column: { type: 'integer' },
        },
        required: ['file', 'message', 'line', 'column'],
      },
    },
    otherFiles: { type: 'integer' },
  },
  required: ['isDryRun', 'taken', 'known', 'refused', 'otherFiles'],
});
