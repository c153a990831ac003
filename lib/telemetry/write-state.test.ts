import { expect, it } from 'vitest';
import { createWriteState } from './write-state';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

it('is in trouble from the first failed write until three in a row have succeeded', () => {
  const state = createWriteState();
  state.succeeded();
  expect(state.trouble()).toBeNull();
  state.failed('disk full', at(1));
  state.succeeded();
  state.succeeded();
  expect(state.trouble()).toEqual({ since: at(1), cause: 'disk full' });
  state.failed('still full', at(2));
  expect(state.trouble()).toEqual({ since: at(1), cause: 'still full' });
  for (const done of [false, false, true]) {
    state.succeeded();
    expect(state.trouble() === null).toBe(done);
  }
});
