import { expect, it } from 'vitest';
import { sourceDigest } from './build.mjs';
import { pinnedNode } from './install.mjs';

it('names the same sources the same', () => {
  expect(sourceDigest()).toMatch(/^[0-9a-f]{64}$/);
  expect(sourceDigest()).toBe(sourceDigest());
});

it('finds the Node that the lock file pins', () => {
  expect(pinnedNode()).toMatch(/node_modules\/node-linux-(x64|arm64)\/bin\/node$/);
});
