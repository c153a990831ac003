import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storableText } from '../core/text/storable';
import { sessionHref } from './session-address';
import { SessionParams } from './sessions';

it('an address leads back to the id it was made of, whatever that is', () => {
  const ids = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }).map(storableText),
    fc.constantFrom('.', '..', '~', '~..', '...', '/', '%2F', '?', '#', ' ', '\\'),
  );
  fc.assert(
    fc.property(ids, (id) => {
      const { pathname, search, hash } = new URL(sessionHref(id) ?? '', 'http://sealtrail');
      const [nothing, sessions, segment = '', ...rest] = pathname.split('/');
      expect({ nothing, sessions, rest, search, hash }).toEqual({
        nothing: '',
        sessions: 'sessions',
        rest: [],
        search: '',
        hash: '',
      });
      expect(SessionParams.parse({ sessionId: decodeURIComponent(segment) })).toEqual({ sessionId: id });
    }),
  );
});

it('an id that is too long has none', () => {
  expect(sessionHref('x'.repeat(16_384))).not.toBeNull();
  expect(sessionHref('x'.repeat(16_385))).toBeNull();
  expect(sessionHref('')).toBeNull();
});
