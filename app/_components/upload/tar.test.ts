import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { expect, it } from 'vitest';
import { tarOf } from './tar';

it('is read back as it was packed, whatever the paths', async () => {
  const files = [
    'a.jsonl',
    `${'deep/'.repeat(60)}b.jsonl`,
    'wörk/ü.json',
    'x'.repeat(88),
    'y'.repeat(89),
    'z'.repeat(988),
  ].map((path, index) => ({ path, file: new File(['q'.repeat(index * 511)], 'f') }));
  const tar = extract();
  Readable.from([Buffer.from(await tarOf('all.tar', files, 'files').arrayBuffer())]).pipe(tar);
  const found: [string, string][] = [];
  for await (const entry of tar) found.push([entry.header.name, (await buffer(entry)).toString()]);
  expect(found.toSorted()).toEqual(files.map(({ path }, index) => [path, 'q'.repeat(index * 511)]).toSorted());
});
