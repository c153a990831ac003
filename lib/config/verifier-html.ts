import 'server-only';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../core/errors';

/** The verifier for the command line, as it lies in a package. */
export const VERIFIER_PROGRAM = 'sealtrail-verify.mjs';

/** Where the build puts it, from the root of the installation. */
const BUILT = '.next/verifier.html';
const BUILT_SERVED = '.next/verifier-served.html';
const BUILT_CODE = '.next/verifier-code.js';
const BUILT_PROGRAM = '.next/sealtrail-verify.mjs';

/** The verifier page: one file that needs nothing else. @throws AppError NOT_FOUND when it was not built. */
export async function verifierHtml(): Promise<Buffer> {
  return built(BUILT, 'the verifier page');
}

/** The same page without what checks, which it fetches when it is first used. @throws AppError as above. */
export async function servedVerifierHtml(): Promise<Buffer> {
  return built(BUILT_SERVED, 'the verifier page');
}

/** What that page fetches. @throws AppError as above, and NOT_FOUND when it is another one than `sha256` names. */
export async function verifierCode(sha256: string | undefined): Promise<Buffer> {
  const code = await built(BUILT_CODE, 'the code of the verifier page');
  if (sha256 !== undefined && sha256 !== createHash('sha256').update(code).digest('hex'))
    throw new AppError('NOT_FOUND', 'the page that asks is of another version than this server: load it anew');
  return code;
}

/** The verifier for the command line: one file for plain Node. @throws AppError as above. */
export async function verifierProgram(): Promise<Buffer> {
  return built(BUILT_PROGRAM, 'the verifier for evidence packages');
}

async function built(file: string, what: string): Promise<Buffer> {
  const root = process.env['SEALTRAIL_ROOT'] ?? process.cwd();
  try {
    return await readFile(path.join(root, file));
  } catch (cause) {
    throw new AppError('NOT_FOUND', `${what} was not built; \`npm start\` builds it`, {}, { cause });
  }
}

/** The policy the page carries in itself, to be sent with it. @throws AppError as above. */
export function policyIn(html: Buffer): string {
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(
    html.toString('utf8', 0, 4096),
  )?.[1];
  if (!policy) throw new AppError('NOT_FOUND', 'the verifier page carries no policy');
  return `${policy}; frame-ancestors 'none'`;
}
