import type { CheckedSidecar, Sidecar, SignatureKey } from '@/lib/core/sidecars/sidecar';
import { SIDECARS, sidecarOf } from '@/lib/core/sidecars/kinds';
import { parseJson } from '@/lib/core/bytes/json-text';
import { readSignatureKey } from '@/lib/crypto/signature-keys';
import { CliError } from './cli-error';
import { readText } from './read-text';

/** What is kept elsewhere than beside the log. */
const NAMED = SIDECARS.filter(({ isNamed }) => isNamed);

export type NamedEvidence = { anchors: Sidecar[]; keys: SignatureKey[] };

/** Reads the files of `--anchor` and `--pubkey`. @throws CliError for one that cannot be read or is no such thing. */
export async function readEvidence(
  anchorFiles: readonly string[],
  keyFiles: readonly string[],
): Promise<NamedEvidence> {
  const anchors = await Promise.all(anchorFiles.map(readAnchor));
  const keys = await Promise.all(keyFiles.map(readKey));
  return { anchors, keys };
}

async function readAnchor(file: string): Promise<Sidecar> {
  const text = await readText(file);
  const known = NAMED.find(({ isOne }) => isOne(parseJson(text)));
  if (known) return { kind: known.kind, file, text };
  throw new CliError(`${file} is no ${NAMED.map(({ label, format }) => `${label} of ${format.label}`).join(', nor ')}`);
}

async function readKey(file: string): Promise<SignatureKey> {
  const key = readSignatureKey(await readText(file), file);
  if (key) return key;
  throw new CliError(
    `${file} is no public key: a PEM that begins with -----BEGIN PUBLIC KEY-----, Ed25519 or ECDSA P-256`,
  );
}

/** Of what was named on the command line, what this log has no use for, in words; null when all was used. */
export function unusedEvidence(
  { anchors, keys }: NamedEvidence,
  checkedSidecars: readonly CheckedSidecar[],
): string | null {
  if (anchors.length > 0 && !checkedSidecars.some(({ kind }) => sidecarOf(kind)?.isNamed))
    return `is no ${NAMED.map(({ format }) => format.label).join(' or ')} log: it was not compared with the anchor`;
  const takesKeys = checkedSidecars.some(({ kind }) => kind === 'signatures' || sidecarOf(kind)?.isSigned);
  return keys.length > 0 && !takesKeys ? 'carries no signatures to check with the keys' : null;
}
