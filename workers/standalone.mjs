// Plain JavaScript, as install.mjs.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BUNDLED } from './bundle.mjs';
import { ROOT } from './install.mjs';

/** Builds the verifier that lies in evidence packages, where the server finds it. */
export async function buildAuditorVerifier() {
  const target = path.join(ROOT, '.next', 'sealtrail-verify.mjs');
  const { build } = await import('esbuild');
  mkdirSync(path.dirname(target), { recursive: true });
  // Whole or not at all: it may be read meanwhile.
  const part = `${target}.${process.pid}.part`;
  writeFileSync(part, await standalone('auditor', build));
  renameSync(part, target);
}

/**
 * A program of `workers/standalone/` as one file that needs nothing but Node 20.15 or newer. The same sources and packages give the same bytes.
 * @param {'auditor' | 'pipeline'} entry
 * @param {typeof import('esbuild').build} build
 * @param {{ modules?: string }} [where] folder of the packages, when they do not lie in the checkout
 * @returns {Promise<string>}
 */
export async function standalone(entry, build, { modules } = {}) {
  const { outputFiles } = await build({
    ...BUNDLED,
    entryPoints: [`workers/standalone/${entry}.ts`],
    write: false,
    minify: true,
    target: 'node20',
    charset: 'ascii',
    plugins: [ownThread(), olderZlib()],
    ...(modules && { nodePaths: [modules] }),
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`${entry} gave no output`);
  return `#!/usr/bin/env node\n${output.text}`;
}

/** @returns {import('esbuild').Plugin} the file is the entry of its threads */
function ownThread() {
  return {
    name: 'own-thread',
    setup(plugins) {
      plugins.onLoad({ filter: /[\\/]threads[\\/]thread-entry\.ts$/ }, () => ({
        contents: 'export const threadEntry = () => ({ url: new URL(import.meta.url), execArgv: [] });',
        loader: 'ts',
      }));
    },
  };
}

/** @returns {import('esbuild').Plugin} what is not in every `node:zlib` is asked for only when it is needed */
function olderZlib() {
  const shim = path.join(ROOT, 'workers/standalone/zlib.ts');
  return {
    name: 'older-zlib',
    setup(plugins) {
      plugins.onResolve({ filter: /^node:zlib$/ }, ({ importer }) =>
        importer === shim || importer.includes('node_modules') ? undefined : { path: shim },
      );
    },
  };
}
