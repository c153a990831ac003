import 'server-only';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Every file that is the entry of a thread, below the root of the installation. The build makes a program of each. */
export type ThreadFile =
  | 'lib/attest/tree/tree-thread.ts'
  | 'lib/evidence/hash-thread.ts'
  | 'lib/lake/rows-thread.ts'
  | 'lib/verify/local/task-thread.ts'
  | 'lib/verify/server/check-thread.ts'
  | 'lib/verify/server/follow-thread.ts';

/**
 * Where a thread begins: the built program when this process is one, else the source, read by the same loader as every process of ours.
 * Found by the environment, which whoever starts us sets: the pages are bundled, and where this module was is not known there.
 */
export function threadEntry(file: ThreadFile): { url: URL; execArgv: string[] } {
  const programs = process.env['SEALTRAIL_PROGRAMS'];
  if (programs) return { url: pathToFileURL(path.join(programs, file.replace(/\.ts$/, '.mjs'))), execArgv: [] };
  const root = process.env['SEALTRAIL_ROOT'] ?? process.cwd();
  const loader = pathToFileURL(createRequire(path.join(root, 'package.json')).resolve('tsx')).href;
  return { url: pathToFileURL(path.join(root, file)), execArgv: ['--conditions=react-server', '--import', loader] };
}
