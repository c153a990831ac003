import { createHash, createPublicKey } from '../node/crypto';
import type { PublicKey } from '../node/public-key';

const SSH_CURVES: Partial<Record<PublicKey['algorithm'], string>> = {
  'ECDSA P-256': 'nistp256',
  'ECDSA P-384': 'nistp384',
  'ECDSA P-521': 'nistp521',
};
const encoder = new TextEncoder();

/** The names bundles give a key: its SSH fingerprint (Sealtrail), or the SHA-256 of its SPKI in hex (nono) or base64 (cosign). @throws Error for what is no key. */
export function keyNames(pem: string): { algorithm: PublicKey['algorithm']; names: string[]; spki: Uint8Array } {
  const key = createPublicKey(pem);
  const spki = spkiOf(pem);
  const digest = createHash('sha256');
  digest.update(spki);
  const hex = String(digest.digest('hex'));
  const base64 = btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))));
  const ssh = sshFingerprint(key);
  return { algorithm: key.algorithm, names: [...(ssh ? [ssh] : []), hex, base64], spki };
}

/** As `ssh-keygen -l` prints it, RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4; null for RSA. */
function sshFingerprint({ algorithm, point }: PublicKey): string | null {
  const curve = SSH_CURVES[algorithm];
  if (!curve && algorithm !== 'Ed25519') return null;
  const fields = curve
    ? [encoder.encode(`ecdsa-sha2-${curve}`), encoder.encode(curve), point]
    : [encoder.encode('ssh-ed25519'), point];
  const hash = createHash('sha256');
  for (const field of fields) {
    hash.update(Uint8Array.of(field.length >>> 24, field.length >>> 16, field.length >>> 8, field.length));
    hash.update(field);
  }
  return `SHA256:${String(hash.digest('base64')).replace(/=+$/, '')}`;
}

/** The DER inside a PEM. */
export function spkiOf(pem: string): Uint8Array {
  return Uint8Array.from(atob(pem.replaceAll(/-----[A-Z ]+-----|\s/g, '')), (character) => character.charCodeAt(0));
}

/** An SPKI as PEM. */
export function pemOf(spkiBase64: string): string {
  return `-----BEGIN PUBLIC KEY-----\n${spkiBase64.replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;
}
