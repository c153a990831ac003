// Written from ../chains.ts by browser.test.ts, as CONTRIBUTING.md says.
import type * as z from 'zod';
import type * as schemas from '@/lib/schemas/chains';
import { reader } from './reader';

export type Chain = z.infer<typeof schemas.Chain>;
export const Chain = reader<Chain>({
  type: 'object',
  properties: {
    id: {
      type: 'string',
      pattern:
        '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
    },
    name: { type: 'string' },
    format: { type: 'string', enum: ['occasio', 'arbiter', 'nono', 'agentfence', 'vouch', 'sealtrail-activity'] },
    verdict: {
      type: 'string',
      enum: [
        'damaged',
        'tampered',
        'forked',
        'truncated',
        'gap',
        'corrupt',
        'unchained',
        'restarted',
        'verified-with-warnings',
        'verified',
        'pending',
      ],
    },
    sentence: { type: 'string' },
    records: { type: 'integer' },
    bytes: { type: 'integer' },
    head: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    problemCounts: {
      type: 'object',
      propertyNames: {
        type: 'string',
        enum: [
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
      additionalProperties: { type: 'integer' },
    },
    firstRecordedAt: {
      anyOf: [
        {
          type: 'string',
          pattern:
            '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
        },
        { type: 'null' },
      ],
    },
    lastRecordedAt: {
      anyOf: [
        {
          type: 'string',
          pattern:
            '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
        },
        { type: 'null' },
      ],
    },
    verifiedAt: {
      anyOf: [
        {
          type: 'string',
          pattern:
            '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
        },
        { type: 'null' },
      ],
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
    segments: { type: 'integer' },
    attestedRecords: { type: 'integer' },
    findings: { type: 'integer' },
    progress: {
      type: 'object',
      properties: { verified: { type: 'integer' }, loaded: { type: 'integer' } },
      required: ['verified', 'loaded'],
    },
    referenceVerifier: {
      anyOf: [
        {
          type: 'object',
          properties: {
            verdict: {
              type: 'string',
              enum: ['ok', 'failed', 'corrupt', 'partial', 'unchained', 'crash', 'not-followed'],
            },
            line: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
            message: { type: 'string' },
          },
          required: ['verdict', 'line', 'message'],
        },
        { type: 'null' },
      ],
    },
    tail: {
      anyOf: [
        {
          type: 'object',
          properties: {
            openedAt: {
              type: 'string',
              pattern:
                '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
            },
            appendedAt: {
              type: 'string',
              pattern:
                '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
            },
            appendedBy: { type: 'string' },
            bytes: { type: 'integer' },
            records: { type: 'integer' },
            pendingBytes: { type: 'integer' },
            lagBytes: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
          },
          required: ['openedAt', 'appendedAt', 'appendedBy', 'bytes', 'records', 'pendingBytes', 'lagBytes'],
        },
        { type: 'null' },
      ],
    },
    sealedAt: {
      anyOf: [
        {
          type: 'string',
          pattern:
            '^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$',
        },
        { type: 'null' },
      ],
    },
    sealedBy: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    deleted: { type: 'boolean' },
    damage: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    failure: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    stuck: { type: 'boolean' },
  },
  required: [
    'id',
    'name',
    'format',
    'verdict',
    'sentence',
    'records',
    'bytes',
    'head',
    'problemCounts',
    'firstRecordedAt',
    'lastRecordedAt',
    'verifiedAt',
    'createdAt',
    'updatedAt',
    'segments',
    'attestedRecords',
    'findings',
    'progress',
    'referenceVerifier',
    'tail',
    'sealedAt',
    'sealedBy',
    'deleted',
    'damage',
    'failure',
    'stuck',
  ],
});
