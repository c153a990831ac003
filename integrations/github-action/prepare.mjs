// Makes the one file the action attests with, from this checkout alone, and prints its path. Plain JavaScript for Node 20.15 or newer.
// Packages come from npm by the versions and digests of package-lock.json, into a temporary folder; nothing in the checkout is written,
// and no script of a package is run.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../workers/install.mjs';
import { standalone } from '../../workers/standalone.mjs';

/** What `workers/standalone/pipeline.ts` imports, and what builds it. */
const ROOTS = [
  '@noble/hashes',
  '@sigstore/bundle',
  '@sigstore/core',
  '@sigstore/protobuf-specs',
  '@sigstore/sign',
  '@sigstore/tuf',
  '@sigstore/verify',
  'commander',
  'esbuild',
  'hash-wasm',
  'server-only',
  'tar-stream',
  'yauzl',
  'zod',
];

/** @typedef {{ version: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, peerDependencies?: Record<string, string> }} Locked */

const lock = /** @type {{ lockfileVersion: number, packages: Record<string, Locked> }} */ (
  JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'))
);
const folder = process.env.RUNNER_TEMP || tmpdir();
mkdirSync(folder, { recursive: true });
const work = mkdtempSync(path.join(folder, 'sealtrail-build-'));
try {
  const part = partOf(lock);
  writeFileSync(
    path.join(work, 'package.json'),
    JSON.stringify({ name: 'sealtrail-action', version: '0.0.0', private: true, dependencies: part.dependencies }),
  );
  writeFileSync(
    path.join(work, 'package-lock.json'),
    JSON.stringify({
      name: 'sealtrail-action',
      version: '0.0.0',
      lockfileVersion: lock.lockfileVersion,
      requires: true,
      packages: {
        '': { name: 'sealtrail-action', version: '0.0.0', dependencies: part.dependencies },
        ...part.packages,
      },
    }),
  );
  const npm = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    { cwd: work, encoding: 'utf8' },
  );
  if (npm.status !== 0) throw new Error(`npm ci failed (${npm.status ?? npm.error?.message}):\n${npm.stderr}`);
  const { build } = createRequire(path.join(work, 'package.json'))('esbuild');
  const program = await standalone('pipeline', build, { modules: path.join(work, 'node_modules') });
  const target = path.join(folder, `sealtrail-${createHash('sha256').update(program).digest('hex').slice(0, 16)}.mjs`);
  if (!existsSync(target)) {
    writeFileSync(`${target}.part`, program);
    renameSync(`${target}.part`, target);
  }
  process.stdout.write(`${target}\n`);
} catch (error) {
  process.stderr.write(`Sealtrail cannot be made ready: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/**
 * The part of the lock file that the roots need, with every package where it lies in the whole.
 * @param {{ packages: Record<string, Locked> }} lock
 */
function partOf({ packages: all }) {
  /** @type {Record<string, Locked>} */
  const packages = {};
  const waiting = ROOTS.map((name) => ({ name, from: '', isNeeded: true }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { name, from, isNeeded } = next;
    const where = placeOf(all, name, from);
    if (where === null) {
      if (isNeeded) throw new Error(`package-lock.json has no ${name}`);
      continue;
    }
    const entry = all[where];
    if (!entry || where in packages) continue;
    packages[where] = entry;
    for (const needed of Object.keys(entry.dependencies ?? {}))
      waiting.push({ name: needed, from: where, isNeeded: true });
    for (const wanted of Object.keys({ ...entry.optionalDependencies, ...entry.peerDependencies }))
      waiting.push({ name: wanted, from: where, isNeeded: false });
  }
  return {
    packages,
    dependencies: Object.fromEntries(ROOTS.map((name) => [name, packages[`node_modules/${name}`]?.version ?? ''])),
  };
}

/**
 * Where Node finds a package from another: beside it, or in a folder above.
 * @param {Record<string, Locked>} all @param {string} name @param {string} from
 */
function placeOf(all, name, from) {
  for (let folderOf = from; ; folderOf = folderOf.slice(0, Math.max(0, folderOf.lastIndexOf('/node_modules/')))) {
    const where = folderOf === '' ? `node_modules/${name}` : `${folderOf}/node_modules/${name}`;
    if (where in all) return where;
    if (folderOf === '') return null;
  }
}
