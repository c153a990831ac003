import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { crashReport } from './cli/crash';
import { PROGRAMS, ensurePrograms, programsOf } from './programs.mjs';
import { SCANNERS } from './scanners';
import { ROOT } from './root';

/** Sources that listen as the entry of a thread, or say that they are ready as a process of the supervisor does. */
function entries(): string[] {
  const sources = ['lib', 'workers'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  );
  return sources.filter(
    (file) =>
      file.endsWith('.ts') &&
      !/\.(test|bench)\.ts$|testing|lib\/threads/.test(file) &&
      /^serveStreams|^parentPort|process\.send\?\.\(\{ type: 'ready'/m.test(
        readFileSync(path.join(ROOT, file), 'utf8'),
      ),
  );
}

it('has a program for every thread and every process, in one place until a source changes', async () => {
  expect(entries().length).toBeGreaterThan(7);
  expect(PROGRAMS).toEqual(expect.arrayContaining(entries()));
  const folder = await ensurePrograms();
  expect(PROGRAMS.filter((program) => !existsSync(path.join(folder, program.replace(/\.ts$/, '.mjs'))))).toEqual([]);
  expect(await ensurePrograms()).toBe(folder);
});

it('needs no loader, and tells where in the sources it failed', async () => {
  const folder = await ensurePrograms();
  const cli = path.join(folder, 'workers/cli.mjs');
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, {
      encoding: 'utf8',
      cwd: '/',
      env: { NODE_ENV: 'test', SEALTRAIL_ROOT: ROOT, SEALTRAIL_PROGRAMS: folder },
    });
  expect(run(cli, '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const web = path.join(folder, 'workers/web.mjs');
  expect(run('--enable-source-maps', web).stderr).toMatch(/workers\/web\.ts:\d+/);
  const unmapped = run(web).stderr;
  expect(unmapped).not.toContain('web.ts');
  expect(crashReport(Object.assign(new Error(), { stack: unmapped }))).toContain(`${ROOT}/workers/web.ts:`);
});

/** Sources of what a file that was built loads before it does anything. */
function loadedBy(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const { sources }: { sources: string[] } = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  const imported = [...readFileSync(file, 'utf8').matchAll(/(?:from|import)"(\.[^"]+)"/g)].map(([, name = '']) => name);
  return [
    ...sources.map((source) => path.relative(ROOT, path.resolve(path.dirname(file), source))),
    ...imported.flatMap((name) => loadedBy(path.resolve(path.dirname(file), name), seen)),
  ];
}

it('tells what commands there are, and how each is used, without loading what they do', async () => {
  const cli = path.join(await ensurePrograms(), 'workers/cli.mjs');
  const does = [...readFileSync(cli, 'utf8').matchAll(/import\("(\.\/cli\/[^"]+)"\)/g)].map(([, file = '']) => file);
  expect(does).toHaveLength(readdirSync(path.join(ROOT, 'workers/cli/commands')).length - 1); // but options.ts
  expect(does.filter((file) => !existsSync(path.resolve(path.dirname(cli), file)))).toEqual([]);
  const loaded = loadedBy(cli);
  expect(packagesOf(loaded)).toEqual(['commander']);
  expect(loaded.filter((source) => source.startsWith('lib/')).toSorted()).toEqual([
    'lib/config/version.ts',
    'lib/core/known.browser.ts',
    'lib/core/time.ts',
    'lib/schemas/scopes.ts',
  ]);
});

function packagesOf(sources: readonly string[]): string[] {
  const names = sources.map((source) => /^node_modules\/((?:@[^/]+\/)?[^./][^/]*)/.exec(source)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

it('is built anew when any source that a command is made of changes', async () => {
  const folder = await ensurePrograms();
  const isOurs = (source: string) => /^(lib|workers)\//.test(source);
  for (const program of PROGRAMS) {
    const built = path.join(folder, program.replace(/\.ts$/, ''));
    const madeOf = Object.keys(JSON.parse(readFileSync(`${built}.made-of.json`, 'utf8')));
    expect(madeOf).toEqual(expect.arrayContaining([program, ...loadedBy(`${built}.mjs`).filter(isOurs)]));
  }
  expect(programsOf('verify')).toContain('workers/cli/verify.ts');
  expect(programsOf('fsck')).toEqual(PROGRAMS);
  expect(programsOf('--')).toEqual(PROGRAMS);
});

it('has the scanners of the formats written, where lines are read', async () => {
  const folder = await ensurePrograms();
  expect(Object.keys(SCANNERS).length).toBeGreaterThan(4);
  for (const thread of ['verify/local/task', 'verify/server/check', 'verify/server/follow', 'lake/rows']) {
    const program = readFileSync(path.join(folder, `lib/${thread}-thread.mjs`), 'utf8');
    const missing = Object.entries(SCANNERS).filter(([, scanner]) => !program.includes(scanner));
    expect(missing).toEqual([]);
  }
});
