import { expect, it } from 'vitest';
import type { Operation } from '@/lib/schemas/openapi';
import { curlOf } from './curl';

const URL = 'http://127.0.0.1:7325';
const operation = (over: Partial<Operation>): Operation => ({
  operationId: 'x',
  tags: ['X'],
  summary: 'x',
  description: 'x',
  security: [],
  responses: { 200: { description: 'x', content: { 'application/json': { schema: {} } } } },
  ...over,
});

it('a public operation is its address, with the parameters it cannot do without', () => {
  const parameters: Operation['parameters'] = [
    { name: 'from', in: 'query', required: true, schema: { type: 'string', format: 'date-time' } },
    { name: 'to', in: 'query', required: true, schema: { type: 'string', format: 'date-time' } },
    { name: 'limit', in: 'query', required: false, schema: { type: 'integer' } },
  ];
  expect(curlOf(URL, '/api/v1/chains/{chainId}', 'get', operation({ parameters }))).toBe(
    `curl -f '${URL}/api/v1/chains/CHAIN_ID?from=2026-05-01T00:00:00Z&to=2026-06-01T00:00:00Z'`,
  );
});

it('a body is as short as it may be, and a token is taken from the environment', () => {
  const schema = {
    type: 'object',
    required: ['kind', 'at', 'scopes', 'name'],
    properties: {
      kind: { type: 'string', enum: ['a', 'b'] },
      at: { type: 'string', format: 'date-time' },
      scopes: { type: 'array', minItems: 1, items: { type: 'string', enum: ['read'] } },
      name: { type: 'string' },
      more: { type: 'string' },
    },
  };
  const command = curlOf(
    URL,
    '/api/v1/x',
    'post',
    operation({
      security: [{ token: ['ingest'] }, { session: [] }],
      requestBody: { required: true, content: { 'application/json': { schema } } },
    }),
  );
  expect(command.split(' \\\n  ')).toEqual([
    'curl -f -X POST',
    '-H "Authorization: Bearer $SEALTRAIL_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d '{"kind":"a","at":"2026-05-01T00:00:00Z","scopes":["read"],"name":"NAME"}'`,
    `'${URL}/api/v1/x'`,
  ]);
});

it('bytes are saved, a stream is shown as it comes, and what only a person may is sent from our own pages', () => {
  const answer = (type: string) => ({ responses: { 200: { description: 'x', content: { [type]: { schema: {} } } } } });
  expect(curlOf(URL, '/z', 'get', operation(answer('application/zip')))).toBe(`curl -fOJ '${URL}/z'`);
  expect(curlOf(URL, '/s', 'get', operation(answer('text/event-stream')))).toBe(`curl -fN '${URL}/s'`);
  const person = operation({ security: [{ session: [] }] });
  expect(curlOf('https://sealtrail.example', '/x', 'delete', person)).toContain(
    `-b "__Secure-sealtrail.session_token=$SEALTRAIL_SESSION" \\\n  -H 'Origin: https://sealtrail.example'`,
  );
});
