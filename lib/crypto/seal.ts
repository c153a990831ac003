import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a text is sealed with: `purpose` makes a key of its own of the installation's secret, `boundTo` names the row that the text belongs to. */
export type SealedFor = { secret: string; purpose: string; boundTo: string };

/** A text as it is kept: AES-256-GCM, base64 of nonce, ciphertext and tag. */
export function sealText({ boundTo, ...key }: SealedFor, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(key), nonce).setAAD(Buffer.from(boundTo));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64');
}

/** Null when another secret, or for something else, sealed it, or it was altered. */
export function unsealText({ boundTo, ...key }: SealedFor, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(key), bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    }).setAAD(Buffer.from(boundTo));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    return null; // the tag does not fit
  }
}

function keyOf({ secret, purpose }: Omit<SealedFor, 'boundTo'>): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
}
