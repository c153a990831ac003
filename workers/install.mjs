// Plain JavaScript for any Node from 20 on: runs before anything is installed.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');

/**
 * Brings node_modules to what package-lock.json says; does nothing when it is there already. A full install serves
 * where one without the development packages was asked for. Throws with npm's own words when it fails.
 * @param {{ dev: boolean, say: (line: string) => void }} options
 */
export async function ensureInstalled({ dev, say }) {
  if (isInstalled(dev)) return;
  say(`Installing packages${dev ? ', those for tests included' : ''}; the first time takes a minute or two`);
  const args = ['ci', dev ? '--include=dev' : '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const startedAt = Date.now();
  const ticker = setInterval(() => say(`  still installing (${seconds(startedAt)} s)`), 15_000);
  try {
    await runNpm(args);
  } finally {
    clearInterval(ticker);
  }
  say(`  packages installed in ${seconds(startedAt)} s`);
}

/** Whether this process runs on the Node that `pinnedNode` names, or on another of the same release line. */
export function isPinned() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major === 24 && minor >= 15;
}

/** The Node that package-lock.json pins, else the one we run on if it is new enough. Throws when there is neither. */
export function pinnedNode() {
  const pinned = path.join(MODULES, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 15)) return process.execPath;
  throw new Error(
    `npm has no Node 24 for ${process.platform} ${process.arch}, and this is Node ${process.versions.node}. Install Node 24.15 or newer.`,
  );
}

/** @param {number} startedAt */
export function seconds(startedAt) {
  return Math.round((Date.now() - startedAt) / 1000);
}

/**
 * npm writes what it installed to node_modules/.package-lock.json as its last step, so a broken-off install does not count.
 * Packages for other machines are in the lock file only.
 * @param {boolean} dev
 */
function isInstalled(dev) {
  const installedFile = path.join(MODULES, '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = readPackages(path.join(ROOT, 'package-lock.json'));
  const installed = readPackages(installedFile);
  return Object.entries(wanted).every(([where, entry]) => {
    if (where === '' || (!dev && (entry.dev || entry.devOptional))) return true;
    const there = installed[where];
    return there
      ? there.version === entry.version && there.integrity === entry.integrity
      : Boolean(entry.optional || entry.devOptional || entry.peer);
  });
}

/** @param {string} file @returns {Record<string, { version?: string, integrity?: string, dev?: boolean, devOptional?: boolean, optional?: boolean, peer?: boolean }>} */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch (error) {
    throw new Error(`${file} cannot be read`, { cause: error });
  }
}

/** @param {string[]} args */
async function runNpm(args) {
  const { spawn } = await import('node:child_process');
  // `npm start` may run us on the very Node that `npm ci` is about to delete; npm's own stays.
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const [file, rest] = script && node && existsSync(node) ? [node, [script, ...args]] : ['npm', args];
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
    child.once('error', (error) => reject(new Error('npm cannot be started', { cause: error })));
    child.once('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`npm ${args.join(' ')} failed (${code}):\n${output.trim()}`));
    });
  });
}
