import { expect, it } from 'vitest';
import { httpStatus, toEngineError } from './engine-error';

it('reads code, message and type out of what the engine says', () => {
  const text =
    'Code: 47. DB::Exception: Unknown expression identifier `nope` in scope SELECT nope: Did you forget (something)?. (UNKNOWN_IDENTIFIER)';
  expect(toEngineError(new Error(text))).toMatchObject({ code: 47, type: 'UNKNOWN_IDENTIFIER' });
  expect(toEngineError(new Error(text)).text).toBe(text);
});

it('calls what is no exception of the engine unknown', () => {
  expect(toEngineError(new Error('disk on fire'))).toMatchObject({
    code: 1002,
    type: 'UNKNOWN_EXCEPTION',
    message: 'disk on fire',
  });
});

it.each([
  [62, 400],
  [60, 404],
  [516, 401],
  [307, 413],
  [159, 408],
  [395, 500],
])('answers code %i with status %i', (code, status) => {
  expect(httpStatus(code)).toBe(status);
});
