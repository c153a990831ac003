import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../../crypto/hasher';
import { fixture, fixtureText } from '../../../testing/fixtures';
import { Anchor, checkAnchorSignature, signatureState } from './anchor';

const hasher = await createHasher();
const registered = createPublicKey(fixtureText('agentfence', 'signing.pub.pem'));
const byRegistered = (message: Uint8Array, signature: Uint8Array) => verify(null, message, registered, signature);
const events = fixture('agentfence', 'signed')
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): { seq: number; hash: string; signature: string } => JSON.parse(line));

describe('signatures of events', () => {
  const states = (list: readonly { hash: string; signature: string }[]) =>
    list.map((event) => signatureState(event, byRegistered));

  it('are by the registered key', () => {
    expect(states(events)).toEqual(events.map(() => 'verified'));
  });

  it('that are another event’s, malformed or missing are told apart', () => {
    const [first, second, third, fourth] = events;
    if (!first || !second || !third || !fourth) throw new Error('the fixture holds 20 events');
    expect(
      states([
        first,
        { ...second, signature: first.signature },
        { ...third, signature: '' },
        { hash: 'x', signature: '!' },
        fourth,
      ]),
    ).toEqual(['verified', 'bad', 'unsigned', 'bad', 'verified']);
  });
});

describe('an anchor', () => {
  const last = events.at(-1);
  const anchor = Anchor.parse({
    schema_version: '1',
    session_id: 'a<b',
    event_count: 20,
    last_seq: last?.seq,
    last_hash: last?.hash,
    timestamp: '2026-08-15T00:01:00Z',
  });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const byOwn = (message: Uint8Array, signature: Uint8Array) => verify(null, message, publicKey, signature);
  const written = String.raw`{"schema_version":"1","session_id":"a\u003cb","event_count":20,"last_seq":${last?.seq},"last_hash":"${last?.hash}","timestamp":"2026-08-15T00:01:00Z"}`;
  const signed = {
    ...anchor,
    signature: sign(null, createHash('sha256').update(written).digest(), privateKey).toString('base64'),
  };

  it('is signed over its text as Go writes it', () => {
    expect(checkAnchorSignature(hasher, anchor, byOwn)).toBeNull();
    expect(checkAnchorSignature(hasher, signed, byOwn)).toBe(true);
    expect(checkAnchorSignature(hasher, { ...signed, event_count: 19 }, byOwn)).toBe(false);
    expect(checkAnchorSignature(hasher, signed, byRegistered)).toBe(false);
  });
});
