import 'server-only';
import { readFileSync } from 'node:fs';
import seeds from '@sigstore/tuf/seeds.json' with { type: 'json' };

/** Sigstore's public root as our packages carry it: what tools sign under that name no instance of their own. */
const PUBLIC_ROOT: unknown = JSON.parse(
  Buffer.from(seeds['https://tuf-repo-cdn.sigstore.dev'].targets['trusted_root.json'], 'base64').toString('utf8'),
);

/** Trusted roots by which certificates of tools are checked: the one named, and Sigstore's public one. */
export function toolRoots(trustedRootFile: string | null): unknown[] {
  return [...(trustedRootFile ? [JSON.parse(readFileSync(trustedRootFile, 'utf8')) as unknown] : []), PUBLIC_ROOT];
}
