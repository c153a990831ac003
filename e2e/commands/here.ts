import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../launch';

/** What a command is run in: a checkout with the files it names beside it, and a home of its own. */
export class Here {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-commands-'));
  readonly home = path.join(this.folder, 'home');
  readonly #bin = path.join(this.folder, 'bin');
  /** What stands in a document, and what stands for it here. */
  readonly #as: readonly (readonly [RegExp | string, string])[];
  readonly env: Record<string, string> = {};

  constructor(as: readonly (readonly [RegExp | string, string])[]) {
    this.#as = as;
    for (const entry of readdirSync(ROOT))
      if (!/^\.|^test-results$|^playwright-report$/.test(entry))
        symlinkSync(path.join(ROOT, entry), path.join(this.folder, entry));
    mkdirSync(this.home);
    if (spawnSync('sh', ['-c', 'command -v cosign'], { env: this.#environment() }).status !== 0)
      this.program('cosign', `exec '${process.execPath}' '${path.join(ROOT, 'lib/testing/cosign.mjs')}' "$@"`);
  }

  /** Puts a file where a document has it: below the folder, below the home, or below the root of the machine. */
  write(name: string, content: string | Uint8Array): string {
    const file = this.path(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  path(name: string): string {
    return path.join(name.startsWith('~/') ? this.home : this.folder, name.replace(/^~\//, ''));
  }

  /** A program that is not to be had, by what it would print. */
  program(name: string, script: string): void {
    mkdirSync(this.#bin, { recursive: true });
    writeFileSync(path.join(this.#bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(this.#bin, name), 0o755);
  }

  /** The text as it is typed here. */
  typed(text: string): string {
    // What lies below the folder already is left as it is.
    const absolute = text.replaceAll(
      /(?<=^|[\s"'=[:>])\/(?=(?:var|etc|tmp|run|home|opt)\/)(?!tmp\/sealtrail-commands-)/gm,
      `${this.folder}/`,
    );
    return this.#as.reduce(
      (all, [from, to]) =>
        all.replaceAll(typeof from === 'string' ? from : new RegExp(from, `${from.flags.replace('g', '')}g`), () => to),
      absolute,
    );
  }

  /** Runs it in a shell until it ends. */
  async run(
    text: string,
    env: Record<string, string> = {},
  ): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const { ended } = this.start(text, env);
    return ended;
  }

  /** Runs it in a shell of its own group, for commands that go on until they are stopped. */
  start(text: string, env: Record<string, string> = {}) {
    // The shell outlives the Ctrl-C that ends its command, and says how that ended.
    const child = spawn('sh', ['-c', `trap : INT\n${this.typed(text)}`], {
      cwd: this.folder,
      env: { ...this.#environment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, ...said }));
    });
    return {
      said,
      ended,
      /** As Ctrl-C does. */
      stop: () => {
        if (child.exitCode === null && child.pid) process.kill(-child.pid, 'SIGINT');
        return ended;
      },
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    const env = { ...process.env, ...this.env };
    // Nothing of the npm and the installation this test runs under, and no colours.
    for (const name of Object.keys(process.env))
      if (/^(npm_|NODE_OPTIONS$|SEALTRAIL_|PLAYWRIGHT|FORCE_COLOR$)/i.test(name) && !(name in this.env))
        delete env[name];
    env['HOME'] = this.home;
    env['PATH'] = [
      ...(existsSync(this.#bin) ? [this.#bin] : []),
      process.env['PATH'] ?? '',
      path.join(homedir(), 'go/bin'),
    ].join(path.delimiter);
    return env;
  }
}

/** Sees to it that programs of Debian are there; as root it installs them. @throws Error naming those that are not to be had. */
export function ensurePrograms(packages: Record<string, string>): void {
  const missing = () =>
    Object.keys(packages).filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { env });
    spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...missing().map((name) => packages[name] ?? name)],
      { env },
    );
  }
  if (missing().length > 0) throw new Error(`install ${missing().join(' and ')}, then run this again`);
}

/** Where a real answer differs from one that is printed with `…` for what is left out; empty when it does not. Numbers and names have to be the same. */
export function differences(printed: unknown, real: unknown, at = '$'): string[] {
  if (typeof printed === 'string' && printed.includes('…'))
    return typeof real === 'string' && pattern(printed).test(real)
      ? []
      : [`${at} is ${JSON.stringify(real)}, printed as ${printed}`];
  if (Array.isArray(printed)) {
    if (!Array.isArray(real)) return [`${at} is no list`];
    const isOpen = printed.at(-1) === '…';
    const wanted = isOpen ? printed.slice(0, -1) : printed;
    if (isOpen ? real.length < wanted.length : real.length !== wanted.length)
      return [`${at} has ${real.length} entries, printed with ${wanted.length}`];
    return wanted.flatMap((value: unknown, index) => differences(value, real[index], `${at}[${index}]`));
  }
  if (isObject(printed)) {
    if (!isObject(real)) return [`${at} is ${JSON.stringify(real)}`];
    const isOpen = '…' in printed;
    const names = new Set([...Object.keys(printed), ...(isOpen ? [] : Object.keys(real))]);
    names.delete('…');
    return [...names].flatMap((name) =>
      name in printed && name in real
        ? differences(printed[name], real[name], `${at}.${name}`)
        : [`${at}.${name} is ${name in real ? 'not printed' : 'not there'}`],
    );
  }
  return Object.is(printed, real) ? [] : [`${at} is ${JSON.stringify(real)}, printed as ${JSON.stringify(printed)}`];
}

/** A text in which `…` stands for any. */
function pattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join(String.raw`[\s\S]*`)}$`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
