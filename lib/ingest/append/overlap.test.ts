import { expect, it } from 'vitest';
import { overlapBytes } from './overlap';

const bytes = (text: string) => Buffer.from(text);

it('finds how much of what arrives is there already', () => {
  expect(overlapBytes(bytes('a\nb\nc\n'), bytes('b\nc\nd\n'))).toBe(4);
  expect(overlapBytes(bytes('a\nb\nc\n'), bytes('b\n'))).toBe(2);
  expect(overlapBytes(bytes('a\nb\nc\n'), bytes('a\nb\nc\n'))).toBe(6);
});

it('finds none where lines merely look alike', () => {
  expect(overlapBytes(bytes('a\nb\nc\n'), bytes('b\nx\n'))).toBeNull();
  expect(overlapBytes(bytes('xa\n'), bytes('a\n'))).toBeNull();
  expect(overlapBytes(bytes('a\nb'), bytes('b'))).toBeNull();
  expect(overlapBytes(bytes(''), bytes('a\n'))).toBeNull();
});

it('gives up on a log of equal lines, where nothing tells one delivery from another', () => {
  expect(overlapBytes(bytes('{}\n'.repeat(300_000)), bytes('{}\n[]\n'))).toBeNull();
});
