import { createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyFingerprint } from './key-fingerprint';

// Made by `ssh-keygen -t ecdsa -b 256 -N '' -f key`; the PEM is `ssh-keygen -e -m PKCS8 -f key.pub`, the fingerprint `ssh-keygen -l -f key.pub`.
// OpenSSH writes no SPKI for Ed25519: that PEM is the key of `key.pub` behind the twelve bytes of RFC 8410 section 4.
it.each([
  [
    'P-256',
    'SHA256:M4pqogzeQ2ou3n7TK1+hgW6oM4M/G74SN/AG8wZ+g1w',
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiJV4eFQkkOTTmhe186kPQe1vfDzG\n81gcdU+7K7mxiD3djVZnqrchV6OZDt9Pnotau08ZVv3Huhc1yMobzABS5g==',
  ],
  [
    'P-384',
    'SHA256:5qMlCnrib/3BTnpSYbTWLBtmGYKYnqynEpwGqUFeSes',
    'MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEkYByd1LFmdd2ONZZVb0/ldA/r6jIH7X9\nqOUSR7avjhP4FP6c6XP4Z4YC3hEWYnOpA/au1WU8Sjn7BinOEJQP8cCvVimaJKgv\ns+zTBZL93RlSlkCAvosEYb9zK/MU0xR1',
  ],
  [
    'Ed25519',
    'SHA256:27LRu+NBjk3gYu/oE7+OseoZDK9uvDGB2RYDM4AsoVQ',
    'MCowBQYDK2VwAyEASpr7cJCPdLTDdDfe/bh0OFS8cm2H56bluybQ3UvsNN4=',
  ],
])('is what ssh-keygen says of the same %s key', (_, fingerprint, spki) => {
  expect(keyFingerprint(createPublicKey(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`))).toBe(
    fingerprint,
  );
});

it('is not made for a curve we do not sign with', () => {
  expect(() =>
    keyFingerprint(
      createPublicKey({
        format: 'jwk',
        key: {
          kty: 'EC',
          crv: 'secp256k1',
          x: 'eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g',
          y: 'SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg',
        },
      }),
    ),
  ).toThrow();
});
