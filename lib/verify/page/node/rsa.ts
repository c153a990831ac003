import { bigOf } from './der';
import { type HashName, hashOf } from './hashes';

/** Beginning of a DigestInfo, RFC 8017 section 9.2 note 1; the digest follows. */
const DIGEST_INFO: Record<HashName, string> = {
  sha224: '302d300d06096086480165030402040500041c',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** Whether the signature is RSASSA-PKCS1-v1_5 over the message, RFC 8017 section 8.2.2. */
export function holdsRsa(
  { modulus, exponent }: { modulus: bigint; exponent: bigint },
  hash: HashName,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const lengthBytes = Math.ceil(modulus.toString(16).length / 2);
  const number = bigOf(signature);
  if (signature.length !== lengthBytes || number >= modulus) return false;
  const found = power(number, exponent, modulus)
    .toString(16)
    .padStart(2 * lengthBytes, '0');
  const digest = Array.from(hashOf(hash)(message), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const covered = DIGEST_INFO[hash] + digest;
  const padding = lengthBytes - covered.length / 2 - 3;
  return padding >= 8 && found === `0001${'ff'.repeat(padding)}00${covered}`;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
