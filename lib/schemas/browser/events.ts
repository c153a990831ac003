// Written from ../events.ts by browser.test.ts, as CONTRIBUTING.md says.
import type * as z from 'zod';
import type * as schemas from '@/lib/schemas/events';
import { reader } from './reader';

export type EventHistogram = z.infer<typeof schemas.EventHistogram>;
export const EventHistogram = reader<EventHistogram>({
  type: 'object',
  properties: {
    period: {
      anyOf: [
        {
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
        { type: 'null' },
      ],
    },
    stepSeconds: { type: 'integer' },
    total: { type: 'integer' },
    untimed: { type: 'integer' },
    buckets: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          at: {
            type: 'string',
            pattern:
              '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
          },
          counts: {
            type: 'object',
            propertyNames: { type: 'string', enum: ['allow', 'deny', 'ask', 'transform', 'local', 'error', 'info'] },
            additionalProperties: { type: 'integer' },
          },
        },
        required: ['at', 'counts'],
      },
    },
  },
  required: ['period', 'stepSeconds', 'total', 'untimed', 'buckets'],
});
export type EventsPage = z.infer<typeof schemas.EventsPage>;
export const EventsPage = reader<EventsPage>({
  type: 'object',
  properties: {
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          chainId: {
            type: 'string',
            pattern:
              '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
          },
          ordinal: { type: 'integer' },
          line: { type: 'integer' },
          byteOffset: { type: 'integer' },
          byteLength: { type: 'integer' },
          format: { type: 'string', enum: ['occasio', 'arbiter', 'nono', 'agentfence', 'vouch', 'sealtrail-activity'] },
          recordedAt: {
            anyOf: [
              {
                type: 'string',
                pattern:
                  '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
              },
              { type: 'null' },
            ],
          },
          kind: { type: 'string' },
          agent: { type: 'string' },
          sessionId: { type: 'string' },
          runId: { type: 'string' },
          tool: { type: 'string' },
          decision: { type: 'string', enum: ['allow', 'deny', 'ask', 'transform', 'local', 'error', 'info'] },
          reason: { type: 'string' },
          policy: { type: 'string' },
          target: { type: 'string' },
          protocol: { type: 'string' },
          model: { type: 'string' },
          secretsRedacted: { type: 'integer' },
          inputTokens: { type: 'integer' },
          outputTokens: { type: 'integer' },
          costUsd: { type: 'number' },
          latencyMs: { type: 'integer' },
          originalDecision: { type: 'string' },
          reasonCode: { type: 'string' },
          policyDigest: { type: 'string' },
          resourceClass: { type: 'string' },
          host: { type: 'string' },
          actor: { type: 'string' },
          delegator: { type: 'string' },
          upstreamStatus: { type: 'integer' },
          flags: { type: 'string' },
          argumentShape: { type: 'string' },
          extra: { type: 'string' },
          hash: { type: 'string' },
          integrity: {
            type: 'string',
            enum: [
              'ok',
              'damaged',
              'hash-mismatch',
              'link-mismatch',
              'out-of-order',
              'duplicate-record',
              'sequence-mismatch',
              'missing-hash',
              'bad-genesis',
              'history-rewritten',
              'bad-signature',
              'session-mismatch',
              'merkle-mismatch',
              'ledger-mismatch',
              'fork',
              'shorter-than-witnessed',
              'missing-records',
              'missing-beginning',
              'not-json',
              'not-utf8',
              'not-a-record',
              'torn-tail',
              'glued-line',
              'zero-bytes',
              'unreadable-evidence',
              'no-chain',
              'restart',
              'rotation',
              're-serialised',
              'duplicate-key',
              'unknown-key',
              'legacy-prefix',
              'unknown-schema',
              'no-event-json',
              'unsigned-record',
              'byte-order-mark',
              'missing-newline',
              'blank-lines',
              'crlf',
            ],
          },
          chainName: { type: 'string' },
        },
        required: [
          'chainId',
          'ordinal',
          'line',
          'byteOffset',
          'byteLength',
          'format',
          'recordedAt',
          'kind',
          'agent',
          'sessionId',
          'runId',
          'tool',
          'decision',
          'reason',
          'policy',
          'target',
          'protocol',
          'model',
          'secretsRedacted',
          'inputTokens',
          'outputTokens',
          'costUsd',
          'latencyMs',
          'originalDecision',
          'reasonCode',
          'policyDigest',
          'resourceClass',
          'host',
          'actor',
          'delegator',
          'upstreamStatus',
          'flags',
          'argumentShape',
          'extra',
          'hash',
          'integrity',
          'chainName',
        ],
      },
    },
    nextCursor: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['items', 'nextCursor'],
});
export type Facets = z.infer<typeof schemas.Facets>;
export const Facets = reader<Facets>({
  type: 'object',
  properties: {
    facets: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string' },
          label: { type: 'string' },
          values: {
            type: 'array',
            items: {
              type: 'object',
              properties: { value: { type: 'string' }, name: { type: 'string' }, count: { type: 'integer' } },
              required: ['value', 'count'],
            },
          },
          more: { type: 'integer' },
        },
        required: ['field', 'label', 'values', 'more'],
      },
    },
  },
  required: ['facets'],
});
export type SearchProgress = z.infer<typeof schemas.SearchProgress>;
export const SearchProgress = reader<SearchProgress>({
  type: 'object',
  properties: {
    isRunning: { type: 'boolean' },
    seconds: { type: 'number' },
    rowsRead: { type: 'integer' },
    rowsTotal: { type: 'integer' },
  },
  required: ['isRunning', 'seconds', 'rowsRead', 'rowsTotal'],
});
