// Plain JavaScript, as install.mjs.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pinnedNode, ROOT, seconds } from './install.mjs';
import { precompress } from './precompress.mjs';

const SOURCES = [
  'app',
  'lib',
  'public',
  'workers/verifier-page.mjs',
  'workers/standalone.mjs',
  'workers/bundle.mjs',
  'workers/precompress.mjs',
  'workers/standalone',
  'workers/cli',
  'next.config.mjs',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];
const STAMP = path.join(ROOT, '.next', 'built-from');

/**
 * Builds the web pages unless what lies in .next was built from the same sources.
 * @param {{ say: (line: string) => void }} options
 */
export async function ensureBuilt({ say }) {
  const digest = sourceDigest();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
  say('Building the pages');
  const startedAt = Date.now();
  rmSync(STAMP, { force: true });
  await runNextBuild();
  await precompress(path.join(ROOT, '.next', 'static'));
  await buildVerifier();
  writeFileSync(STAMP, digest);
  say(`  pages built in ${seconds(startedAt)} s`);
}

/** The verifier as a page and as a program, which stand beside what Next builds. Their tools are there only once packages are installed. */
export async function buildVerifier() {
  const { buildVerifierPage } = await import('./verifier-page.mjs');
  const { buildAuditorVerifier } = await import('./standalone.mjs');
  await buildVerifierPage();
  await buildAuditorVerifier();
}

/** SHA-256 over names and contents of everything a build reads; tests are not among it. */
export function sourceDigest() {
  const hash = createHash('sha256');
  for (const source of SOURCES.flatMap((entry) => filesOf(entry))) {
    const content = createHash('sha256')
      .update(readFileSync(path.join(ROOT, source)))
      .digest('hex');
    hash.update(`${source}\0${content}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} entry @returns {string[]} */
function filesOf(entry) {
  const full = path.join(ROOT, entry);
  if (!existsSync(full)) return [];
  if (/\.[a-z]+$/.test(entry)) return [entry];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((found) => found.isFile() && !/\.test\.tsx?$/.test(found.name))
    .map((found) => path.relative(ROOT, path.join(found.parentPath, found.name)))
    .toSorted();
}

/** @returns {Promise<void>} */
function runNextBuild() {
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedNode(), [path.join(ROOT, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`next build failed (${code}):\n${output.trim()}`));
    });
  });
}
