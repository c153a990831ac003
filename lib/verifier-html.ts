import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from './core/errors';

/** Where the build puts it, from the root of the installation. */
const BUILT = '.next/verifier.html';

/** The verifier page: one file that needs nothing else. @throws AppError NOT_FOUND when it was not built. */
export async function verifierHtml(): Promise<Buffer> {
  const root = process.env['SEALTRAIL_ROOT'] ?? process.cwd();
  try {
    return await readFile(path.join(root, BUILT));
  } catch (cause) {
    throw new AppError('NOT_FOUND', 'the verifier page was not built; `npm start` builds it', {}, { cause });
  }
}

/** The policy the page carries in itself, to be sent with it. @throws AppError as above. */
export function policyIn(html: Buffer): string {
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html.toString('utf8', 0, 4096))?.[1];
  if (!policy) throw new AppError('NOT_FOUND', 'the verifier page carries no policy');
  return `${policy}; frame-ancestors 'none'`;
}
