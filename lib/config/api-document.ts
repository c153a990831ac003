import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ApiDocument } from '../schemas/openapi';

/** Made of what the routes declare; a test compares it with them. */
const FILE = 'docs/openapi.json';

/** What was read last: it is a thousand schemas to check. */
let read: { text: string; document: ApiDocument } | null = null;

/** The OpenAPI document of this installation, as reached at `publicUrl`. */
export async function apiDocument(publicUrl: string): Promise<ApiDocument> {
  const root = process.env['SEALTRAIL_ROOT'] ?? process.cwd();
  const text = await readFile(path.join(root, FILE), 'utf8');
  if (text !== read?.text) read = { text, document: ApiDocument.parse(JSON.parse(text)) };
  const { document } = read;
  return { ...document, servers: [{ url: publicUrl.replace(/\/$/, '') }] };
}
