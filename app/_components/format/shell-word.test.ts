import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellWord } from './shell-word';

it('leaves what is one word already as it is', () => {
  expect(['audit.jsonl', 'https://x.example:8443/a_b/c-d', 'a=b'].map(shellWord)).toEqual([
    'audit.jsonl',
    'https://x.example:8443/a_b/c-d',
    'a=b',
  ]);
  expect([`o'dd`, '', '~', '-x', '/x?chain=y'].map(shellWord)).toEqual([
    String.raw`'o'\''dd'`,
    `''`,
    `'~'`,
    `'-x'`,
    `'/x?chain=y'`,
  ]);
});

it('is read back by a shell as it was, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        { minLength: 1, maxLength: 20 },
      ),
      (words) => {
        const { stdout } = spawnSync('sh', ['-c', String.raw`printf '%s\0' ${words.map(shellWord).join(' ')}`], {
          encoding: 'utf8',
        });
        expect(stdout.split('\0').slice(0, -1)).toEqual(words);
      },
    ),
    { numRuns: 30 },
  );
});
