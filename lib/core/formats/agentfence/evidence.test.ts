import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHasher } from '../../../crypto/hasher';
import { verifySidecars, keyOf } from '../../../testing/sidecars';
import { fixture, fixtureText } from '../../../testing/fixtures';
import { briefly } from '../../../testing/verify';
import type { Sidecar } from '../../sidecars/sidecar';
import { isSidecarName, recogniseSidecar } from '../../sidecars/recognise-sidecar';

const hasher = await createHasher();
const signed = fixture('agentfence', 'signed');
const lines = signed.toString('utf8').trimEnd().split('\n');
const events = lines.map((line): { seq: number; hash: string; signature: string; session_id: string } =>
  JSON.parse(line),
);
const log = (some: readonly string[]) => Buffer.from(some.map((line) => `${line}\n`).join(''));
const registered = keyOf(fixtureText('agentfence', 'signing.pub.pem'));
const own = generateKeyPairSync('ed25519');
const ownKey = keyOf(own.publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'own.pem');

/** As `agentfence audit anchor` writes it, `{ "schema_version": "1", … }`, after so many events. */
function anchorAfter(count: number, { sessionId = '', signing = false, hash = events[count - 1]?.hash } = {}): Sidecar {
  const fields = `{"schema_version":"1",${sessionId === '' ? '' : `"session_id":"${sessionId}",`}"event_count":${count},"last_seq":${events[count - 1]?.seq},"last_hash":"${hash}","timestamp":"2026-08-15T00:01:00Z"}`;
  const signature = sign(null, createHash('sha256').update(fields).digest(), own.privateKey).toString('base64');
  return {
    kind: 'agentfence-anchor',
    file: 'audit.anchor.json',
    text: signing ? `${fields.slice(0, -1)},"signature":"${signature}"}` : fields,
  };
}

function reported(files: readonly Uint8Array[], evidence: Parameters<typeof verifySidecars>[3]) {
  const { problems, checkedSidecars } = verifySidecars('agentfence', hasher, files, evidence);
  return {
    problems: briefly(problems),
    holds: checkedSidecars.map(({ holds }) => holds),
    says: checkedSidecars.map(({ message }) => message),
  };
}

describe('an anchor', () => {
  it('agrees with a log that has grown since, and shows every shorter one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: lines.length }),
        fc.integer({ min: 0, max: lines.length }),
        (anchored, kept) => {
          const { problems, holds } = reported([log(lines.slice(0, kept))], { sidecars: [anchorAfter(anchored)] });
          expect(holds).toEqual([kept >= anchored]);
          expect(problems).toEqual(kept >= anchored ? [] : [`shorter-than-witnessed@${kept + 1}`]);
        },
      ),
    );
  });

  it('is found in any file of a rotated log', () => {
    const { says } = reported([log(lines.slice(0, 12)), log(lines.slice(12))], { sidecars: [anchorAfter(15)] });
    expect(says).toEqual(['The anchor of 2026-08-15T00:01:00Z agrees at record 14; it carries no signature.']);
  });

  it('shows a log that was written anew, and minds only its own session', () => {
    expect(reported([signed], { sidecars: [anchorAfter(9, { hash: 'a'.repeat(64) })] })).toMatchObject({
      problems: ['history-rewritten@9'],
      holds: [false],
    });
    expect(reported([log(lines.slice(1))], { sidecars: [anchorAfter(9, { hash: 'a'.repeat(64) })] })).toMatchObject({
      problems: ['shorter-than-witnessed@20'],
      holds: [false],
    });
    expect(reported([signed], { sidecars: [anchorAfter(9, { sessionId: events[0]?.session_id })] })).toMatchObject({
      problems: [],
      holds: [true],
    });
    expect(reported([signed], { sidecars: [anchorAfter(9, { sessionId: 'another' })] })).toMatchObject({
      problems: ['shorter-than-witnessed@21'],
      holds: [false],
    });
  });

  it('counts for nothing when its signature is by none of the keys', () => {
    const sidecars = [anchorAfter(9, { signing: true })];
    expect(reported([signed], { sidecars }).says).toEqual([expect.stringContaining('was not checked')]);
    expect(reported([signed], { sidecars, keys: [registered, ownKey] }).says[0]).toContain('and its signature holds');
    expect(reported([signed], { sidecars, keys: [registered] })).toMatchObject({
      problems: ['bad-signature@21'],
      holds: [false, true],
    });
  });

  it('that cannot be read is told', () => {
    expect(reported([signed], { sidecars: [{ kind: 'agentfence-anchor', file: 'x', text: '{}' }] })).toMatchObject({
      problems: ['unreadable-evidence@21'],
      holds: [false],
    });
  });
});

describe('signatures of records', () => {
  it('hold by any of the keys', () => {
    expect(reported([signed], { keys: [ownKey, registered] })).toEqual({
      problems: [],
      holds: [true],
      says: ['20 signatures hold.'],
    });
  });

  it('that are another’s, or missing, are told', () => {
    const changed = lines
      .with(3, (lines[3] ?? '').replace(/"signature":"[^"]*"/, `"signature":"${events[4]?.signature}"`))
      .with(7, (lines[7] ?? '').replace(/,"signature":"[^"]*"/, ''));
    expect(reported([log(changed)], { keys: [registered] })).toEqual({
      problems: ['bad-signature@4', 'unsigned-record@8'],
      holds: [false],
      says: ['18 signatures hold, 1 does not; 1 record carries none.'],
    });
    expect(reported([fixture('agentfence', 'valid')], { keys: [registered] })).toMatchObject({
      problems: ['unsigned-record@1'],
      holds: [false],
    });
  });
});

it('sidecar files are recognised by name, anchors by what is in them too', () => {
  const { text } = anchorAfter(1);
  expect(
    ['session.json', 'ledger.ndjson', 'audit-attestation.bundle', 'proofs.json'].map((name) =>
      recogniseSidecar(name, ''),
    ),
  ).toEqual(['nono-session', 'nono-ledger', 'nono-attestation', 'nono-proofs']);
  expect(
    ['anchor.json', 'audit.anchor.json', 'audit.jsonl.anchor.json'].map((name) => recogniseSidecar(name, text)),
  ).toEqual(['agentfence-anchor', 'agentfence-anchor', 'agentfence-anchor']);
  expect(recogniseSidecar('anchor.json', '{}')).toBeNull();
  expect(['package.json', 'constructor', 'anchors/x.json'].some(isSidecarName)).toBe(false);
});
