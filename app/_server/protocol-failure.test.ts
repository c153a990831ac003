import { expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { problemResponse } from './problem';
import { type FailureSaid, elasticFailure, hecFailure, lokiFailure, otlpFailure } from './protocol-failure';

const FULL = new AppError('STORAGE_FULL', 'no room is left');
const BUSY = new AppError('BUSY', 'send it again');
const SEALED = new AppError('CONFLICT', 'the chain was sealed');
const UNFORESEEN = new TypeError('x is not a function');
const DOWN = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

function said(failure: FailureSaid, error: unknown, type = 'application/json'): Promise<Response> {
  const request = new Request('http://sealtrail.test/', {
    method: 'POST',
    headers: { 'content-type': type, authorization: 'Splunk st_x' },
  });
  return failure({ error, problem: problemResponse(error, 'request-1'), request });
}

it.each([
  ['OTLP', otlpFailure, 503, 429, 409, 503],
  ['Loki', lokiFailure, 503, 429, 400, 503],
  ['Elastic', elasticFailure, 503, 429, 409, 503],
  ['Splunk', hecFailure, 503, 503, 400, 500],
] as const)(
  '%s: what may pass is sent again, what cannot is not',
  async (_name, failure, full, busy, sealed, unforeseen) => {
    for (const [error, status] of [
      [FULL, full],
      [DOWN, 503],
      [BUSY, busy],
      [SEALED, sealed],
      [UNFORESEEN, unforeseen],
    ] as const) {
      const response = await said(failure, error);
      expect([response.status, response.headers.get('retry-after')]).toEqual([
        status,
        status === 429 || status === 503 ? '5' : null,
      ]);
      expect(response.headers.get('x-request-id')).toBe('request-1');
      expect(await response.text()).not.toContain('not a function');
    }
  },
);

it('each says it in its own words', async () => {
  expect(await (await said(otlpFailure, BUSY)).json()).toEqual({ code: 14, message: 'send it again' });
  const protobuf = await said(otlpFailure, BUSY, 'application/x-protobuf');
  expect(Buffer.from(await protobuf.arrayBuffer()).toString()).toBe('\u0012\u000dsend it again');
  expect(await (await said(lokiFailure, BUSY)).text()).toBe('send it again\n');
  expect(await (await said(elasticFailure, BUSY)).json()).toMatchObject({
    status: 429,
    error: { type: 'es_rejected_execution_exception', reason: 'send it again' },
  });
  expect(await (await said(hecFailure, FULL)).json()).toEqual({ text: 'Server is busy', code: 9 });
  expect(await (await said(hecFailure, SEALED)).json()).toEqual({
    text: 'Incorrect index: the chain was sealed',
    code: 7,
  });
});
