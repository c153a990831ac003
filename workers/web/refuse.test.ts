import { expect, it } from 'vitest';
import { refusalAnswer, refusalOf } from './refuse';

it.each([
  ['TRACE', '/', 405],
  ['PROPFIND', '/api/v1/chains', 405],
  ['GET', '/%ff%fe', 400],
  ['GET', '/api/v1/chains/%ED%A0%80', 400],
  ['GET', '/chains/%00', 400],
  ['PUT', '/api/v1/uploads/%', 400],
  ['GET', '/chains?q=%ff%00', null],
  ['GET', '/chains/caf%C3%A9%2Fx', null],
  ['OPTIONS', '*', null],
])('%s %s: %s', (method, url, status) => {
  expect(refusalOf(method, url)?.status ?? null).toBe(status);
});

it('is said as a problem', () => {
  const { headers, body } = refusalAnswer({ status: 405, title: 'This', detail: 'that' });
  expect(headers).toMatchObject({
    'Content-Type': 'application/problem+json',
    Allow: expect.stringContaining('PATCH'),
  });
  expect(JSON.parse(body)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED', detail: 'that' });
});
