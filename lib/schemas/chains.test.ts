import { expect, it } from 'vitest';
import { ChainName } from './chains';

it.each([
  ['checkout-agent', true],
  ['日本語 | "quoted" <b> عربي', true],
  ['screenshot 10\u202f00', true],
  ['\u202egpj.exe', false],
  ['a\u2066b', false],
  ['a\u2028b', false],
  ['a\nb', false],
  ['a\u0085b', false],
])('of %j as the name of a chain, says %s', (name, isValid) => {
  expect(ChainName.safeParse(name).success).toBe(isValid);
});
