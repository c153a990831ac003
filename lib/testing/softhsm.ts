import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/sealtrail-softhsm');
const PACKAGES = ['softhsm2', 'libsofthsm2'];
const LIMIT_MS = 5 * 60_000;

type SoftHsm = { modulePath: string; util: string };

/**
 * SoftHSM 2, a PKCS#11 token in software: of the system, or Debian's packages unpacked below node_modules/.cache, or, as root, installed.
 * @throws Error saying how to get it when none can be had.
 */
async function findSoftHsm(): Promise<SoftHsm> {
  for (const find of [() => inFolder('/'), () => inFolder(CACHE), unpacked, installed]) {
    const found = await find();
    if (found && (await works(found))) return found;
  }
  throw new Error(
    'No SoftHSM: install the package softhsm2 (Debian), softhsm (Fedora, Homebrew), then run this again.',
  );
}

async function inFolder(folder: string): Promise<SoftHsm | null> {
  const libraries = [
    'usr/lib/softhsm',
    ...(await readdir(path.join(folder, 'usr/lib')).catch(() => [])).map((name) => `usr/lib/${name}/softhsm`),
    'usr/lib64/softhsm',
    'opt/homebrew/lib/softhsm',
    'usr/local/lib/softhsm',
  ];
  const modulePath = libraries
    .map((name) => path.join(folder, name, 'libsofthsm2.so'))
    .find((file) => existsSync(file));
  const util = ['usr/bin', 'opt/homebrew/bin', 'usr/local/bin']
    .map((name) => path.join(folder, name, 'softhsm2-util'))
    .find((file) => existsSync(file));
  return modulePath && util ? { modulePath, util } : null;
}

async function unpacked(): Promise<SoftHsm | null> {
  if (!existsSync('/usr/bin/apt-get')) return null;
  await mkdir(CACHE, { recursive: true });
  if (!(await succeeds('apt-get', ['download', '-qq', ...PACKAGES], CACHE))) {
    if (
      !(await succeeds('apt-get', ['update', '-qq'], CACHE)) ||
      !(await succeeds('apt-get', ['download', '-qq', ...PACKAGES], CACHE))
    )
      return null;
  }
  for (const name of await readdir(CACHE))
    if (name.endsWith('.deb')) await run('dpkg', ['-x', path.join(CACHE, name), CACHE]);
  return inFolder(CACHE);
}

async function installed(): Promise<SoftHsm | null> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  await succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'softhsm2'], '/');
  return inFolder('/');
}

async function works({ util, modulePath }: SoftHsm): Promise<boolean> {
  await access(modulePath, constants.R_OK);
  return succeeds(util, ['--version'], '/');
}

async function succeeds(file: string, args: string[], cwd: string): Promise<boolean> {
  try {
    await run(file, args, { cwd, timeout: LIMIT_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    return true;
  } catch {
    return false;
  }
}

export type TestToken = {
  /** `pkcs11:` URI of a key of it, with its library and the file of its PIN. */
  uri(label: string, pinFile?: string): string;
  importKey(pkcs8Pem: string, label: string, id: string): Promise<void>;
  file(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
};

/** A fresh token, which this process and its children find by SOFTHSM2_CONF. */
export async function startToken(): Promise<TestToken> {
  const { modulePath, util } = await findSoftHsm();
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-token-'));
  const file = async (name: string, text: string) => {
    const where = path.join(folder, name);
    await writeFile(where, text, { mode: 0o600 });
    return where;
  };
  await mkdir(path.join(folder, 'tokens'));
  process.env['SOFTHSM2_CONF'] = await file(
    'softhsm2.conf',
    `directories.tokendir = ${path.join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const pinFile = await file('pin', '5678\n');
  const use = (...args: string[]) => run(util, ['--module', modulePath, ...args]);
  await use('--init-token', '--free', '--label', 'sealtrail test', '--so-pin', '1234', '--pin', '5678');
  return {
    uri: (label, pin = pinFile) =>
      `pkcs11:token=sealtrail%20test;object=${encodeURIComponent(label)};type=private?module-path=${modulePath}&pin-source=file:${pin}`,
    async importKey(pkcs8Pem, label, id) {
      await use(
        '--import',
        await file('import.pem', pkcs8Pem),
        '--token',
        'sealtrail test',
        '--label',
        label,
        '--id',
        id,
        '--pin',
        '5678',
      );
    },
    file,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
