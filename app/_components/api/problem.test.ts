import { describe, expect, it } from 'vitest';
import { toRequestError } from './problem';

describe('toRequestError', () => {
  it('keeps the server’s words and its request id, as a sentence', () => {
    const error = toRequestError(
      422,
      JSON.stringify({
        title: 'The format was not recognised',
        detail: 'the file holds no lines',
        status: 422,
        requestId: 'r-1',
      }),
    );
    expect(error).toMatchObject({ title: 'The format was not recognised', status: 422, requestId: 'r-1' });
    expect(error.sentence).toBe('The file holds no lines. Request r-1.');
  });
  it('keeps the place in a text that was sent, and says it in words', () => {
    const detail = 'filter:4:11: filter.rules.0: no rule here has the id or name "nobody"';
    const told = { title: 'The request is not valid', detail, file: 'filter', line: 4, column: 11 };
    const error = toRequestError(400, JSON.stringify(told));
    expect(error).toMatchObject({
      place: { line: 4, column: 11 },
      detail: 'filter.rules.0: no rule here has the id or name "nobody"',
    });
    expect(error.sentence).toBe('Line 4, column 11: filter.rules.0: no rule here has the id or name "nobody".');
  });
  it('says something of use about an answer that is no problem+json', () => {
    expect(toRequestError(502, '<html>')).toMatchObject({ title: 'The server answered 502', requestId: null });
  });
});

it('a failure of the library of sign-in is told in its words', () => {
  expect(toRequestError(400, '{"message":"Invalid password","code":"INVALID_PASSWORD"}').sentence).toBe(
    'Invalid password.',
  );
});
