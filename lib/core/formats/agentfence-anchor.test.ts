import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../hasher';
import { fixture, fixtureText } from '../../testing/fixtures';
import { verifySegments } from '../../testing/verify';
import { agentfence } from './agentfence';
import { Anchor, type SignatureCount, checkAnchorSignature, countSignature, witnessOfAnchor } from './agentfence-anchor';

const hasher = await createHasher();
const registered = createPublicKey(fixtureText('agentfence', 'signing.pub.pem'));
const byRegistered = (message: Uint8Array, signature: Uint8Array) => verify(null, message, registered, signature);
const events = fixture('agentfence', 'signed').toString('utf8').split('\n').filter((line) => line !== '').map((line): { seq: number; hash: string; signature: string } => JSON.parse(line));

describe('signatures of events', () => {
  const count = (list: readonly { hash: string; signature: string }[]) => {
    const counted: SignatureCount = { verified: 0, unsigned: 0, bad: [] };
    for (const [record, event] of list.entries()) countSignature(counted, event, { record, line: record + 1 }, byRegistered);
    return counted;
  };

  it('are by the registered key', () => {
    expect(count(events)).toEqual({ verified: 20, unsigned: 0, bad: [] });
  });

  it('that are another event’s, malformed or missing are told apart', () => {
    const [first, second, third, ...rest] = events;
    if (!first || !second || !third) throw new Error('the fixture holds 20 events');
    expect(count([first, { ...second, signature: first.signature }, { ...third, signature: '' }, { hash: 'x', signature: '!' }, ...rest])).toEqual({ verified: 18, unsigned: 1, bad: [{ record: 1, line: 2 }, { record: 3, line: 4 }] });
  });
});

describe('an anchor', () => {
  const last = events.at(-1);
  const anchor = Anchor.parse({ schema_version: '1', session_id: 'a<b', event_count: 20, last_seq: last?.seq, last_hash: last?.hash, timestamp: '2026-08-15T00:01:00Z' });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const byOwn = (message: Uint8Array, signature: Uint8Array) => verify(null, message, publicKey, signature);
  const written = String.raw`{"schema_version":"1","session_id":"a\u003cb","event_count":20,"last_seq":${last?.seq},"last_hash":"${last?.hash}","timestamp":"2026-08-15T00:01:00Z"}`;
  const signed = { ...anchor, signature: sign(null, createHash('sha256').update(written).digest(), privateKey).toString('base64') };

  it('is signed over its text as Go writes it', () => {
    expect(checkAnchorSignature(hasher, anchor, byOwn)).toBeNull();
    expect(checkAnchorSignature(hasher, signed, byOwn)).toBe(true);
    expect(checkAnchorSignature(hasher, { ...signed, event_count: 19 }, byOwn)).toBe(false);
    expect(checkAnchorSignature(hasher, signed, byRegistered)).toBe(false);
  });

  it('bears witness: a log that no longer reaches it is truncated', () => {
    const bytes = fixture('agentfence', 'signed');
    const short = bytes.subarray(0, bytes.lastIndexOf('\n', -2) + 1);
    expect(verifySegments(agentfence, hasher, [bytes], [{ ...witnessOfAnchor(anchor), found: anchor.last_hash }]).verdict).toBe('verified');
    expect(verifySegments(agentfence, hasher, [short], [{ ...witnessOfAnchor(anchor), found: null }]).verdict).toBe('truncated');
  });
});
