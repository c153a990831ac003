import { expect, it } from 'vitest';
import { pageLinks } from './page-links';

it('leads to the first page and the next with all else of the address', () => {
  expect(pageLinks('/chains', { q: 'a b', sort: '-name' }, 'abc')).toEqual({
    first: null,
    next: '/chains?q=a+b&sort=-name&cursor=abc',
  });
  expect(pageLinks('/chains', { q: ['a', 'b'], cursor: 'abc' }, null)).toEqual({ first: '/chains?q=a', next: null });
  expect(pageLinks('/x', { cursor: 'abc', other: undefined }, 'd', 'cursor')).toEqual({
    first: '/x',
    next: '/x?cursor=d',
  });
});
