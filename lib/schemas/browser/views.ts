// Written from ../views.ts by browser.test.ts, as CONTRIBUTING.md says.
import type * as z from 'zod';
import type * as schemas from '@/lib/schemas/views';
import { isRightView, areRightViews } from '../right-search';
import { reader } from './reader';

export type View = z.infer<typeof schemas.View>;
export const View = reader<View>(
  {
    type: 'object',
    properties: {
      id: {
        type: 'string',
        pattern:
          '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
      },
      name: { type: 'string' },
      isShared: { type: 'boolean' },
      isMine: { type: 'boolean' },
      madeBy: { type: 'string' },
      search: {
        type: 'object',
        properties: {
          q: { type: 'string', maxLength: 4000 },
          period: {
            anyOf: [{ type: 'string', enum: ['15m', '1h', '4h', '24h', '7d', '30d', '90d', '365d'] }, { type: 'null' }],
          },
          from: {
            anyOf: [
              {
                type: 'string',
                pattern:
                  '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
              },
              { type: 'null' },
            ],
          },
          to: {
            anyOf: [
              {
                type: 'string',
                pattern:
                  '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
              },
              { type: 'null' },
            ],
          },
          columns: {
            anyOf: [
              {
                type: 'array',
                minItems: 1,
                maxItems: 36,
                items: {
                  type: 'string',
                  enum: [
                    'chain_id',
                    'ordinal',
                    'line',
                    'byte_offset',
                    'byte_length',
                    'format',
                    'recorded_at',
                    'kind',
                    'agent',
                    'session_id',
                    'run_id',
                    'tool',
                    'decision',
                    'reason',
                    'policy',
                    'target',
                    'protocol',
                    'model',
                    'secrets_redacted',
                    'input_tokens',
                    'output_tokens',
                    'cost_usd',
                    'latency_ms',
                    'original_decision',
                    'reason_code',
                    'policy_digest',
                    'resource_class',
                    'host',
                    'actor',
                    'delegator',
                    'upstream_status',
                    'flags',
                    'argument_shape',
                    'extra',
                    'hash',
                    'integrity',
                  ],
                },
              },
              { type: 'null' },
            ],
          },
        },
        required: ['q', 'period', 'from', 'to', 'columns'],
      },
      createdAt: {
        type: 'string',
        pattern:
          '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
      },
      updatedAt: {
        type: 'string',
        pattern:
          '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
      },
    },
    required: ['id', 'name', 'isShared', 'isMine', 'madeBy', 'search', 'createdAt', 'updatedAt'],
  },
  isRightView,
);
export type ViewList = z.infer<typeof schemas.ViewList>;
export const ViewList = reader<ViewList>(
  {
    type: 'object',
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: {
              type: 'string',
              pattern:
                '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
            },
            name: { type: 'string' },
            isShared: { type: 'boolean' },
            isMine: { type: 'boolean' },
            madeBy: { type: 'string' },
            search: {
              type: 'object',
              properties: {
                q: { type: 'string', maxLength: 4000 },
                period: {
                  anyOf: [
                    { type: 'string', enum: ['15m', '1h', '4h', '24h', '7d', '30d', '90d', '365d'] },
                    { type: 'null' },
                  ],
                },
                from: {
                  anyOf: [
                    {
                      type: 'string',
                      pattern:
                        '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
                    },
                    { type: 'null' },
                  ],
                },
                to: {
                  anyOf: [
                    {
                      type: 'string',
                      pattern:
                        '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
                    },
                    { type: 'null' },
                  ],
                },
                columns: {
                  anyOf: [
                    {
                      type: 'array',
                      minItems: 1,
                      maxItems: 36,
                      items: {
                        type: 'string',
                        enum: [
                          'chain_id',
                          'ordinal',
                          'line',
                          'byte_offset',
                          'byte_length',
                          'format',
                          'recorded_at',
                          'kind',
                          'agent',
                          'session_id',
                          'run_id',
                          'tool',
                          'decision',
                          'reason',
                          'policy',
                          'target',
                          'protocol',
                          'model',
                          'secrets_redacted',
                          'input_tokens',
                          'output_tokens',
                          'cost_usd',
                          'latency_ms',
                          'original_decision',
                          'reason_code',
                          'policy_digest',
                          'resource_class',
                          'host',
                          'actor',
                          'delegator',
                          'upstream_status',
                          'flags',
                          'argument_shape',
                          'extra',
                          'hash',
                          'integrity',
                        ],
                      },
                    },
                    { type: 'null' },
                  ],
                },
              },
              required: ['q', 'period', 'from', 'to', 'columns'],
            },
            createdAt: {
              type: 'string',
              pattern:
                '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
            },
            updatedAt: {
              type: 'string',
              pattern:
                '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
            },
          },
          required: ['id', 'name', 'isShared', 'isMine', 'madeBy', 'search', 'createdAt', 'updatedAt'],
        },
      },
    },
    required: ['items'],
  },
  areRightViews,
);
