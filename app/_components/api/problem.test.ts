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
  it('says something of use about an answer that is no problem+json', () => {
    expect(toRequestError(502, '<html>')).toMatchObject({ title: 'The server answered 502', requestId: null });
  });
});

it('a failure of the library of sign-in is told in its words', () => {
  expect(toRequestError(400, '{"message":"Invalid password","code":"INVALID_PASSWORD"}').sentence).toBe(
    'Invalid password.',
  );
});
