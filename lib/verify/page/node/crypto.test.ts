import * as node from 'node:crypto';
import { isDeepStrictEqual as nodeEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as own from './crypto';
import { isDeepStrictEqual } from './util';

const HASHES = ['sha224', 'sha256', 'sha384', 'sha512'] as const;
const PAIRS = {
  'P-256': () => node.generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => node.generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => node.generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: () => node.generateKeyPairSync('ed25519'),
  'RSA 2048': () => node.generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA 3072': () => node.generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 3 }),
};

/** What comes of a call: its answer, or that it throws. */
const outcome = (run: () => boolean): boolean | 'throws' => {
  try {
    return run();
  } catch {
    return 'throws';
  }
};

const bytes = fc.uint8Array({ maxLength: 300 });

describe.each(Object.entries(PAIRS))('%s', (name, makePair) => {
  const { publicKey, privateKey } = makePair();
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const hashes = name === 'Ed25519' ? [undefined] : [undefined, ...HASHES];

  it('signatures hold, and with a byte changed do as Node says', () => {
    const keys = [own.createPublicKey({ key: spki, format: 'der', type: 'spki' }), own.createPublicKey(pem)];
    expect(keys[0]?.asymmetricKeyDetails.namedCurve).toBe(publicKey.asymmetricKeyDetails?.namedCurve);
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom(...hashes),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (message, hash, at, flip) => {
          const signature = node.sign(hash, message, privateKey);
          for (const key of keys) expect(own.verify(hash, message, key, signature)).toBe(true);
          const changed = Buffer.from(signature);
          const place = at % changed.length;
          changed[place] = (changed[place] ?? 0) ^ flip;
          expect(own.verify(hash, message, keys[0] ?? own.createPublicKey(pem), changed)).toBe(
            node.verify(hash, message, publicKey, changed),
          );
          expect(
            own.verify(hash, Buffer.concat([message, Buffer.of(flip)]), keys[1] ?? own.createPublicKey(pem), signature),
          ).toBe(false);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('signatures of another length are none', () => {
    const key = own.createPublicKey(pem);
    fc.assert(
      fc.property(bytes, fc.uint8Array({ maxLength: 80 }), (message, extra) => {
        const signature = node.sign(undefined, message, privateKey);
        for (const other of [
          signature.subarray(0, -1),
          Buffer.concat([signature, Buffer.of(0)]),
          Buffer.concat([Buffer.of(0), signature]),
          extra,
        ]) {
          expect(own.verify(undefined, message, key, other)).toBe(node.verify(undefined, message, publicKey, other));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('a key with a byte changed is refused, or takes the signatures Node takes with it', () => {
    const message = Buffer.from('message');
    const signature = node.sign(undefined, message, privateKey);
    fc.assert(
      fc.property(fc.nat({ max: spki.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(spki);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const der = { key: changed, format: 'der', type: 'spki' } as const;
        const ours = outcome(() => own.verify(undefined, message, own.createPublicKey(der), signature));
        // Node reads keys of more kinds than are read here: what it takes may be refused, never the other way round.
        expect(ours === true && !node.verify(undefined, message, node.createPublicKey(der), signature)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

it('signatures with a high s hold, as they do for OpenSSL', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const { publicKey, privateKey } = node.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const message = Buffer.from('message');
  const plain = node.sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const other = order - BigInt(`0x${plain.subarray(32).toString('hex')}`);
  const der = (number: string) => {
    const digits = Buffer.from(number.replace(/^(00)+(?=.)/, ''), 'hex');
    const padded = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
    return Buffer.concat([Buffer.of(2, padded.length), padded]);
  };
  const body = Buffer.concat([der(plain.subarray(0, 32).toString('hex')), der(other.toString(16).padStart(64, '0'))]);
  const signature = Buffer.concat([Buffer.of(0x30, body.length), body]);
  expect(node.verify('sha256', message, publicKey, signature)).toBe(true);
  expect(
    own.verify(
      'sha256',
      message,
      own.createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString()),
      signature,
    ),
  ).toBe(true);
});

it('an RSA key is read as PKCS #1', () => {
  const { publicKey, privateKey } = node.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const message = Buffer.from('message');
  const signature = node.sign('sha256', message, privateKey);
  const der = publicKey.export({ type: 'pkcs1', format: 'der' });
  expect(
    own.verify('sha256', message, own.createPublicKey({ key: der, format: 'der', type: 'pkcs1' }), signature),
  ).toBe(true);
  expect(
    own.verify(
      'sha256',
      message,
      own.createPublicKey(publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()),
      signature,
    ),
  ).toBe(true);
});

it('Ed25519 goes with no hash', () => {
  const { publicKey, privateKey } = node.generateKeyPairSync('ed25519');
  const signature = node.sign(undefined, Buffer.from('m'), privateKey);
  const key = own.createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  expect(() => node.verify('sha256', Buffer.from('m'), publicKey, signature)).toThrow();
  expect(() => own.verify('sha256', Buffer.from('m'), key, signature)).toThrow();
});

it.each([
  '',
  'no key',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
])('%j is no key', (pem) => {
  expect(() => own.createPublicKey(pem)).toThrow();
});

it('hashes as Node does, in parts and at once', () => {
  fc.assert(
    fc.property(fc.constantFrom(...HASHES), bytes, fc.string(), (name, data, text) => {
      const [ours, theirs] = [own.createHash(name), node.createHash(name)];
      ours.update(data);
      ours.update(text);
      theirs.update(data).update(text);
      expect(ours.digest('hex')).toBe(theirs.digest('hex'));
    }),
  );
});

it('compares as Node does', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      for (const other of [b, a.slice()])
        expect(outcome(() => own.timingSafeEqual(a, other))).toBe(outcome(() => node.timingSafeEqual(a, other)));
    }),
  );
  expect(isDeepStrictEqual([new Date(Number.NaN)], [new Date(Number.NaN)])).toBe(true);
  const value = fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, maxDepth: 2 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(isDeepStrictEqual(a, b)).toBe(nodeEqual(a, b));
      expect(isDeepStrictEqual(a, structuredClone(a))).toBe(nodeEqual(a, structuredClone(a)));
    }),
  );
});
