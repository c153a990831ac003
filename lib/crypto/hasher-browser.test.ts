import vm from 'node:vm';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { FORMATS } from '../core/formats';
import { createHasher } from './hasher';
import { fixture, fixtureNames } from '../testing/fixtures';
import { verifySegments } from '../testing/verify';

const ENTRY = `
  import { FORMATS } from '../lib/core/formats';
  import { createBrowserHasher } from '../lib/crypto/hasher-browser';
  import { verifySegments } from '../lib/testing/verify';
  globalThis.ready = createBrowserHasher().then((hasher) => (id, bytes) => JSON.stringify(verifySegments(FORMATS.find((format) => format.id === id), hasher, [bytes])));
`;

/** What a browser has of the world that the language does not bring. */
const BROWSER = { TextEncoder, TextDecoder, setTimeout };

/** Verifies in a context of its own, by code bundled for browsers. */
async function bundled({ simd }: { simd: boolean }): Promise<(format: string, bytes: Uint8Array) => string> {
  const resolveDir = path.resolve(import.meta.dirname, '../..', 'lib');
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    write: false,
    logLevel: 'silent',
  });
  const code = outputFiles[0]?.text ?? '';
  expect(code).not.toMatch(/server-only|["']node:|\brequire\(/);
  const context = vm.createContext({ ...BROWSER });
  // Modules that use SIMD do not validate where it is missing; those of hash-wasm use none and are not asked for.
  if (!simd) vm.runInContext('WebAssembly.validate = () => false', context);
  vm.runInContext(code, context);
  return await context.ready;
}

it.each([
  ['', { simd: true }],
  [', where WebAssembly has no SIMD', { simd: false }],
])('the chain engine bundled for browsers says of every sample what it says here%s', async (_, where) => {
  const verify = await bundled(where);
  const hasher = await createHasher();
  for (const format of FORMATS) {
    for (const name of fixtureNames(format.id)) {
      const bytes = fixture(format.id, name);
      expect(verify(format.id, bytes), `${format.id}/${name}`).toBe(
        JSON.stringify(verifySegments(format, hasher, [bytes])),
      );
    }
  }
});
