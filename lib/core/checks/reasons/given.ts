import { figure, many, some } from '../../text/words';

/** Where something to trust came from: with the page, by itself, in a package, or stated by what it vouches for. */
export type TrustOrigin = { kind: 'built-in' | 'given' | 'package' | 'statement'; file: string; from: string | null };
type Signer = { by: 'key' | 'certificate'; origin: TrustOrigin };

/** Reasons that tell of what was given to be checked, who is trusted and what a package holds, each with its details in words. */
export const GIVEN_REASONS = {
  'signer-trusted': ({ by, origin }: Signer) =>
    `${by === 'key' ? 'The key' : 'The trusted root'} is trusted because ${originWords(origin)} (${origin.file}).`,
  'signer-self-attested': ({ by, origin }: Signer) =>
    `Self-attested: ${by === 'key' ? 'this key' : 'this trusted root'} came with what it vouches for (${origin.file}; ${originWords(origin)}). That shows nothing was changed since, not who signed. Drop the same ${by === 'key' ? 'key' : 'file'} as its owner publishes it.`,
  'signer-key-not-here': ({ hint }: { hint: string }) =>
    `It names the key ${hint || 'without a name'}, which is not here. Drop the public key of its signer.`,
  'statement-not-proven': ({ words }: { words: string | null }) =>
    words === null
      ? 'Not checked: what it holds cannot be read.'
      : `Not proven to be what was signed. It reads: ${words}.`,

  'leaf-included': ({
    file,
    hashes,
    rootHash,
  }: {
    /** Null: the proof carries it. */
    file: string | null;
    hashes: number;
    rootHash: string;
  }) => `${file ?? 'what the proof carries with it'} and ${figure(hashes)} hashes lead to the root ${rootHash}.`,
  'leaf-not-here': () =>
    'Nothing here leads to the root of the checkpoint. Drop the entry or the record it is about, as a file of its own.',
  'log-key-not-here': ({ origin }: { origin: string }) =>
    `The key of ${origin} is not here. Drop its verifier key, a line of the form name+id+key.`,

  'files-unchanged': ({ files, manifest }: { files: number; manifest: string }) =>
    `${many(files, 'file')}, each with the SHA-256 that ${manifest} states.`,
  'files-changed': ({ changed }: { changed: readonly { path: string; stated: string; found: string | null }[] }) =>
    `Changed since: ${some(changed.map(({ path, stated, found }) => `${path} (stated ${stated}, found ${found ?? 'unreadable bytes'})`))}.`,
  'files-here': ({ files }: { files: number }) => `All ${figure(files)} that are listed are here.`,
  'files-missing': ({ paths }: { paths: readonly string[] }) => `Listed and not here: ${some(paths)}.`,
  'files-added': ({ paths }: { paths: readonly string[] }) => `Here and not listed: ${some(paths)}.`,
  'nothing-added': () => 'Nothing is here that is not listed.',
  'no-manifest': () =>
    'It carries no MANIFEST.sha256: only the signed statement can show whether a file was changed, left out or added.',
} as const;

/** Completes "it is trusted because …". */
export function originWords({ kind, file, from }: TrustOrigin): string {
  switch (kind) {
    case 'built-in':
      return 'it came with this page: the public instance of Sigstore, as known when the page was built';
    case 'given':
      return 'you gave it yourself; compare it with what its owner publishes';
    case 'package':
      return `it came with the package ${from ?? ''}, and so did what it vouches for`;
    case 'statement':
      return `it is stated by ${file}, which the bundle itself is about`;
  }
}
