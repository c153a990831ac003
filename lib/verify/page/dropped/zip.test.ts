import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { makeZip } from '../../../testing/make-zip';
import { zipEntries } from './zip';

const FILES: Record<string, Buffer> = {
  'a.txt': Buffer.from('hello'),
  'deep/b.bin': Buffer.alloc(300_000, 'abc'),
  empty: Buffer.of(),
  'wörk/ü.json': Buffer.from('{}'),
};

async function contents(zip: Uint8Array): Promise<Record<string, Buffer>> {
  const found: Record<string, Buffer> = {};
  for (const source of await zipEntries(new Blob([Uint8Array.from(zip)]), 'x.zip')) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.open()) chunks.push(chunk);
    found[source.name] = Buffer.concat(chunks);
    expect(source.sizeBytes).toBe(found[source.name]?.length);
  }
  return found;
}

/** As our packages are made: a stream, its sizes behind each file. */
async function streamed(options: { compress?: boolean; forceZip64Format?: boolean }): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(FILES)) zip.addReadStream(Readable.from([content]), name, options);
  zip.end({ forceZip64Format: options.forceZip64Format ?? false, comment: 'with a comment' });
  return buffer(zip.outputStream);
}

const made = (changes: Partial<Parameters<typeof makeZip>[0][number]> = {}) =>
  makeZip(Object.entries(FILES).map(([name, content]) => ({ name, content, ...changes })));

describe('what is in a ZIP', () => {
  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ['packed', () => made()],
    ['streamed', () => streamed({})],
    ['stored', () => streamed({ compress: false })],
    ['Zip64', () => streamed({ forceZip64Format: true })],
  ])('is read as it was put in: %s', async (_, zip) => {
    expect(await contents(await zip())).toEqual(FILES);
  });

  it.each<[string, () => Buffer, RegExp]>([
    ['another digest than it has', () => made({ claimed: { crc32: 1 } }), /is damaged: it is not what was packed/],
    ['fewer bytes than it has', () => made({ claimed: { sizeBytes: 1 } }), /is damaged/],
    ['more bytes than it has', () => made({ claimed: { sizeBytes: 1e6 } }), /is damaged/],
    ['that it is encrypted', () => made({ encrypted: true }), /is encrypted/],
    ['a name twice', () => makeZip([1, 2].map((n) => ({ name: 'a', content: Buffer.of(n) }))), /holds a twice/],
  ])('is refused when the directory claims %s', async (_, zip, message) => {
    await expect(contents(zip())).rejects.toThrow(message);
  });

  it('is whole, or told as damaged, wherever it was cut or changed', async () => {
    expect.hasAssertions();
    const zip = made();
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 0, max: 255 }), async (at, flip) => {
        const changed = flip === 0 ? zip.subarray(0, at) : Buffer.from(zip);
        if (flip > 0) changed[at] = (changed[at] ?? 0) ^ flip;
        const found = await contents(changed).catch((error: unknown) => String(error));
        // Times, modes and names are not covered: only the bytes are.
        const isSame =
          typeof found === 'string' ||
          Object.values(found).every((content) => Object.values(FILES).some((file) => file.equals(content)));
        expect(isSame, `${at} ^ ${flip}`).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
