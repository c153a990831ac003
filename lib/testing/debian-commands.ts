import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Packages of Debian with other names than what is run of them. */
const PACKAGE_OF: Record<string, string> = {
  pdfinfo: 'poppler-utils',
  pdftotext: 'poppler-utils',
  pdfdetach: 'poppler-utils',
};

/** Sees to it that programs are there that a test runs as an auditor would; as root on Debian it installs them. @throws Error naming those that are not to be had. */
export function ensureCommands(names: readonly string[]): void {
  const missing = () => names.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { env });
    spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...missing().map((name) => PACKAGE_OF[name] ?? name)],
      { env },
    );
  }
  const left = missing();
  if (left.length > 0) throw new Error(`install ${left.join(' and ')}, then run this again`);
}
