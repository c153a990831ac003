// Finds a Chromium for the end-to-end tests. Plain JavaScript, as run-all.mjs.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pinnedNode, ROOT } from '../workers/install.mjs';

/** No network of its own, no GPU, no sandbox: tests run as root and in containers. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @typedef {{ executablePath: string, env: Record<string, string> }} Browser */

/**
 * The first of these that starts: SEALTRAIL_CHROMIUM, a Chromium or Chrome on the PATH, Playwright's own download,
 * Debian's package (as root), the Chromium packed in @sparticuz/chromium. Throws when none does.
 * @param {{ say: (line: string) => void }} options @returns {Promise<Browser>}
 */
export async function findBrowser({ say }) {
  for (const [name, find] of SOURCES) {
    const browser = await find(say);
    if (browser && (await starts(browser))) {
      say(`Browser: ${browser.executablePath} (${name})`);
      return browser;
    }
  }
  throw new Error('No browser: install Chromium, or set SEALTRAIL_CHROMIUM to the path of one.');
}

/** @type {readonly [string, (say: (line: string) => void) => Promise<Browser | null>][]} */
const SOURCES = [
  ['SEALTRAIL_CHROMIUM', fromEnvironment],
  ['on the PATH', async () => onPath()],
  ["Playwright's download", fromPlaywright],
  ["Debian's package", fromDebian],
  ['packed in @sparticuz/chromium', fromPackage],
];

/** @returns {Promise<Browser | null>} */
async function fromEnvironment() {
  const given = process.env.SEALTRAIL_CHROMIUM;
  if (!given) return null;
  if (!existsSync(given)) throw new Error(`SEALTRAIL_CHROMIUM names ${given}, which does not exist.`);
  return { executablePath: given, env: {} };
}

/** @returns {Browser | null} */
function onPath() {
  // The shell draws pages and has no windows of its own, which costs a third less.
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome',
  ];
  const dirs = (process.env.PATH ?? '').split(path.delimiter);
  const found = names.flatMap((name) => dirs.map((dir) => path.join(dir, name))).find((file) => existsSync(file));
  return found ? { executablePath: found, env: {} } : null;
}

/** @param {(line: string) => void} say @returns {Promise<Browser | null>} */
async function fromPlaywright(say) {
  const cli = path.join(ROOT, 'node_modules/@playwright/test/cli.js');
  const where = "import('@playwright/test').then(({ chromium }) => process.stdout.write(chromium.executablePath()))";
  const executablePath = spawnSync(pinnedNode(), ['-e', where], { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
  if (!executablePath) return null;
  if (!existsSync(executablePath)) {
    say('No Chromium on this machine; trying to download one');
    await quietly(pinnedNode(), [cli, 'install', 'chromium'], 5 * 60_000);
  }
  return existsSync(executablePath) ? { executablePath, env: {} } : null;
}

/** @param {(line: string) => void} say @returns {Promise<Browser | null>} */
async function fromDebian(say) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await quietly('apt-get', ['update', '-qq'], 5 * 60_000, env);
  for (const name of ['chromium-headless-shell', 'chromium']) {
    say(`Installing Debian's ${name} package`);
    if ((await quietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], 10 * 60_000, env)) === 0)
      break;
  }
  return onPath();
}

/**
 * Unpacks below node_modules/.cache: the package would use fixed names in the shared temporary directory.
 * Fonts and libraries it brings are used only where the machine's own do not do.
 * @param {(line: string) => void} say @returns {Promise<Browser | null>}
 */
async function fromPackage(say) {
  say('Unpacking the Chromium of @sparticuz/chromium');
  const dir = path.join(ROOT, 'node_modules/.cache/sealtrail-chromium');
  await mkdir(dir, { recursive: true });
  const unpack = `
    import chromium, { inflate } from '@sparticuz/chromium';
    await inflate(${JSON.stringify(path.join(ROOT, 'node_modules/@sparticuz/chromium/bin/al2023.tar.br'))});
    process.stdout.write(await chromium.executablePath());`;
  const ran = spawnSync(pinnedNode(), ['--input-type=module', '-e', unpack], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: dir },
  });
  const executablePath = ran.stdout.trim();
  if (!executablePath) return null;
  const fonts = { FONTCONFIG_FILE: await fontConfig(dir) };
  const libraries = { LD_LIBRARY_PATH: path.join(dir, 'al2023', 'lib') };
  for (const env of [{}, fonts, libraries, { ...fonts, ...libraries }])
    if (await starts({ executablePath, env })) return { executablePath, env };
  return null;
}

/** The package's own configuration names directories of another machine. @param {string} dir @returns {Promise<string>} its file */
async function fontConfig(dir) {
  const file = path.join(dir, 'fonts.conf');
  const xml = (/** @type {string} */ text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  await writeFile(
    file,
    `<?xml version="1.0"?><fontconfig><dir>${xml(path.join(dir, 'fonts'))}</dir><cachedir>${xml(path.join(dir, 'fonts-cache'))}</cachedir></fontconfig>\n`,
  );
  return file;
}

/** Whether it draws text within half a minute, under the tool that will drive it. @param {Browser} browser */
async function starts({ executablePath, env }) {
  const draw = `
    import { chromium } from '@playwright/test';
    const browser = await chromium.launch(${JSON.stringify({ executablePath, args: CHROMIUM_FLAGS, timeout: 20_000 })});
    const page = await browser.newPage();
    await page.setContent('<p>here</p>');
    await page.screenshot();
    await browser.close();`;
  return (await quietly(pinnedNode(), ['--input-type=module', '-e', draw], 30_000, { ...process.env, ...env })) === 0;
}

/** @param {string} file @param {string[]} args @param {number} limitMs @param {NodeJS.ProcessEnv} [env] @returns {Promise<number>} exit status, 1 when it cannot be started */
function quietly(file, args, limitMs, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: 'ignore', env });
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
    const end = (/** @type {number} */ status) => {
      clearTimeout(limit);
      resolve(status);
    };
    child.once('error', () => end(1));
    child.once('exit', (code) => end(code ?? 1));
  });
}
