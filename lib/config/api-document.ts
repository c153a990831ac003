import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ApiDocument } from '../schemas/openapi';

/** Made of what the routes declare; a test holds it against them. */
const FILE = 'docs/openapi.json';

/** The OpenAPI document of this installation, as reached at `publicUrl`. */
export async function apiDocument(publicUrl: string): Promise<ApiDocument> {
  const root = process.env['SEALTRAIL_ROOT'] ?? process.cwd();
  const document = ApiDocument.parse(JSON.parse(await readFile(path.join(root, FILE), 'utf8')));
  return { ...document, servers: [{ url: publicUrl.replace(/\/$/, '') }] };
}
