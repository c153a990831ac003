import { expect, it } from 'vitest';
import { asStream } from '@/lib/evidence/as-stream';
import { begun } from './begun';

const bytes = (text: string) => new TextEncoder().encode(text);

it('throws what fails before the first bytes, and cuts off where it fails behind them', async () => {
  async function* failing(pieces: string[]) {
    for (const piece of pieces) yield bytes(piece);
    throw new Error('altered');
  }
  await expect(begun(asStream(failing([])))).rejects.toThrow('altered');
  const reader = (await begun(asStream(failing(['a', 'b'])))).getReader();
  expect([await reader.read(), await reader.read()].map(({ value }) => new TextDecoder().decode(value))).toEqual([
    'a',
    'b',
  ]);
  await expect(reader.read()).rejects.toThrow('altered');
});

it('gives every byte, and ends the reading when its reader goes', async () => {
  let ended = false;
  async function* pieces() {
    try {
      for (let n = 0; n < 100; n += 1) yield bytes(`${n},`);
    } finally {
      ended = true;
    }
  }
  const all = Array.from({ length: 100 }, (_, n) => `${n},`).join('');
  expect(await new Response(await begun(asStream(pieces()))).text()).toBe(all);
  expect(await new Response(await begun(asStream((async function* () {})()))).text()).toBe('');
  ended = false;
  const reader = (await begun(asStream(pieces()))).getReader();
  await reader.read();
  await reader.cancel();
  expect(ended).toBe(true);
});
