import { createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { keyFingerprint } from './key-fingerprint';

// Made by `ssh-keygen -t ecdsa -b 256 -N '' -f key`; the PEM is `ssh-keygen -e -m PKCS8 -f key.pub`, the fingerprint `ssh-keygen -l -f key.pub`.
const PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiJV4eFQkkOTTmhe186kPQe1vfDzG
81gcdU+7K7mxiD3djVZnqrchV6OZDt9Pnotau08ZVv3Huhc1yMobzABS5g==
-----END PUBLIC KEY-----
`;
const FINGERPRINT = 'SHA256:M4pqogzeQ2ou3n7TK1+hgW6oM4M/G74SN/AG8wZ+g1w';

it('is what ssh-keygen says of the same key', () => {
  expect(keyFingerprint(createPublicKey(PEM))).toBe(FINGERPRINT);
});
