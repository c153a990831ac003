// Written from ../sample.ts by browser.test.ts, as CONTRIBUTING.md says.
import type * as z from 'zod';
import type * as schemas from '@/lib/schemas/sample';
import { reader } from './reader';

export type SampleStep = z.infer<typeof schemas.SampleStep>;
export const SampleStep = reader<SampleStep>({
  anyOf: [
    {
      type: 'object',
      properties: { records: { type: 'integer' }, sizeBytes: { type: 'integer' } },
      required: ['records', 'sizeBytes'],
    },
    {
      type: 'object',
      properties: {
        sample: {
          type: 'object',
          properties: {
            population: {
              type: 'object',
              properties: {
                q: { type: 'string' },
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
                chainId: {
                  anyOf: [
                    {
                      type: 'string',
                      pattern:
                        '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
                    },
                    { type: 'null' },
                  ],
                },
                records: { type: 'integer' },
                sizeBytes: { type: 'integer' },
                sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
              },
              required: ['q', 'from', 'to', 'chainId', 'records', 'sizeBytes', 'sha256'],
            },
            seed: { type: 'string' },
            size: { type: 'integer' },
            method: { type: 'string' },
            records: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  rank: { type: 'string', pattern: '^[0-9a-f]{64}$' },
                  line: { type: 'integer' },
                  chainId: {
                    type: 'string',
                    pattern:
                      '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
                  },
                  chain: { type: 'string' },
                  ordinal: { type: 'integer' },
                  recordedAt: { anyOf: [{ type: 'string' }, { type: 'null' }] },
                },
                required: ['rank', 'line', 'chainId', 'chain', 'ordinal', 'recordedAt'],
              },
            },
          },
          required: ['population', 'seed', 'size', 'method', 'records'],
        },
      },
      required: ['sample'],
    },
  ],
});
