import { readFileSync } from 'node:fs';
import { bundleToJSON } from '@sigstore/bundle';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localKeySigner } from '../../../attest/signers/local-key';
import { trustSource } from '../../../attest/signers/trust-source';
import { unmetSteps, wordsOf } from '../../../testing/checks';
import { signingFolder } from '../../../testing/sigstore/environment';
import { type StandIns, startStandIns } from '../../../testing/sigstore/stand-ins';
import { testSigner } from '../../../testing/sign';
import { statementPayload } from '../dsse';
import type { Statement } from '../statement';
import { type Trust, verifyBundle } from '../verify-bundle';

const spec = readFileSync(new URL('../predicates/audit-chain-segment.md', import.meta.url), 'utf8');
const example: Statement & { predicate: object } = JSON.parse(
  /## Example\s+```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '{}',
);
const at = (time: string): Statement => ({ ...example, predicate: { ...example.predicate, attestedAt: time } });
const MINUTE_MS = 60_000;
const later = (time: string, minutes: number) => new Date(Date.parse(time) + minutes * MINUTE_MS).toISOString();
const signatureStep = (check: ReturnType<typeof verifyBundle>) => ({
  status: check.steps.find(({ step }) => step === 'signature')?.status,
  detail: wordsOf(check, 'signature'),
});

describe('a key taken out of use, without a verified time', () => {
  const signer = testSigner();
  const trust = (validUntil?: string | null): Trust => ({
    keys: [{ ...signer.key, ...(validUntil !== undefined && { validUntil }) }],
    trustedRoot: null,
    identities: [],
    require: { logEntries: 0, timestamps: 0 },
  });
  const SIGNED = '2026-05-12T09:00:00.000Z';
  const signed = (statement: Statement) => signer.signBundle(statementPayload(statement));

  it.each<[string, string | null | undefined, boolean, string | RegExp]>([
    ['is in use', undefined, true, /verifies with the key the bundle names$/],
    ['is in use, told so', null, true, /verifies with the key the bundle names$/],
    [
      'was in use then, by the word of the statement',
      later(SIGNED, 1),
      true,
      `the statement is of ${SIGNED} by its own word: no verified time proves it`,
    ],
    ['went out of use five minutes before, which clocks may be apart', later(SIGNED, -5), true, 'by its own word'],
    [
      'went out of use six minutes before',
      later(SIGNED, -6),
      false,
      `its key was retired at ${later(SIGNED, -6)}, and the statement is of ${SIGNED} by its own word`,
    ],
    ['went out of use at what is no time', 'yesterday', false, 'yesterday, is no time'],
  ])('that %s', async (_, validUntil, holds, words) => {
    const check = verifyBundle(await signed(at(SIGNED)), { trust: trust(validUntil) });
    expect([check.ok, check.signedBy, check.statement !== null]).toEqual([
      holds,
      holds ? { kind: 'key', hint: signer.key.hint } : null,
      holds,
    ]);
    expect(signatureStep(check)).toMatchObject({
      status: holds ? 'passed' : 'failed',
      detail: expect.stringMatching(words),
    });
  });

  it('is told of a statement that says nothing of when, and of what is none', async () => {
    const bare = verifyBundle(
      await signed({
        ...example,
        predicateType: 'https://example.com/x',
        predicate: { attestedAt: later(SIGNED, 60) },
      }),
      { trust: trust(SIGNED) },
    );
    expect(bare.ok).toBe(true);
    expect(signatureStep(bare).detail).toContain('nothing says when it signed this');
    const none = verifyBundle(await signer.signBundle(Buffer.from('no statement')), { trust: trust(SIGNED) });
    expect(unmetSteps(none)).toEqual(['statement']);
  });

  it('does not make up for a signature that is none', async () => {
    const other = testSigner();
    const check = verifyBundle(await signed(at(SIGNED)), {
      trust: {
        ...trust(later(SIGNED, 1)),
        keys: [{ ...other.key, hint: signer.key.hint, validUntil: later(SIGNED, 1) }],
      },
    });
    expect(signatureStep(check)).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('does not verify'),
    });
  });
});

describe('a key taken out of use, with a verified time', () => {
  /** Signed now, whatever its statement says. */
  const PAYLOAD = Buffer.from(statementPayload(at('2020-01-01T00:00:00Z')));
  let sigstore: StandIns;
  const made: Record<string, { bundle: unknown; key: { hint: string; publicKeyPem: string }; signedAt: string }> = {};
  beforeAll(async () => {
    sigstore = await startStandIns();
    const folder = await signingFolder();
    const SEALTRAIL_TRUSTED_ROOT = await folder.file('root.json', sigstore.trustedRoot);
    const witnesses = {
      timestamp: { SEALTRAIL_TSA_URL: `${sigstore.services.tsa.url}/api/v1/timestamp` },
      log: { SEALTRAIL_REKOR_URL: sigstore.services.rekorV1.url },
    };
    for (const [name, witness] of Object.entries(witnesses)) {
      const env = folder.env({ SEALTRAIL_TRUSTED_ROOT, ...witness });
      const signer = await localKeySigner(
        env,
        trustSource(env, () => new Date()),
      );
      made[name] = {
        bundle: bundleToJSON(await signer.sign(PAYLOAD)),
        key: { hint: signer.keyHint ?? '', publicKeyPem: signer.publicKeyPem ?? '' },
        signedAt: new Date().toISOString(),
      };
    }
    await folder.remove();
  }, 60_000);
  afterAll(() => sigstore.close());

  function check(name: string, outOfUseMinutes: number, trustedRoot: unknown = sigstore.trustedRoot) {
    const { bundle, key, signedAt } = made[name] ?? { bundle: null, key: { hint: '', publicKeyPem: '' }, signedAt: '' };
    return verifyBundle(bundle, {
      trust: {
        keys: [{ ...key, validUntil: later(signedAt, outOfUseMinutes) }],
        trustedRoot,
        identities: [],
        require: { logEntries: 0, timestamps: 0 },
      },
    });
  }

  it.each(['timestamp', 'log'])('is refused by a %s from after, whatever the statement says', (name) => {
    const refused = check(name, -10);
    expect(refused).toMatchObject({ ok: false, signedBy: null, statement: null, times: [{ kind: name }] });
    expect(unmetSteps(refused)).toEqual(['signature', 'statement']);
    expect(signatureStep(refused).detail).toContain(
      `the earliest verified time of the signature is ${refused.times[0]?.at}`,
    );
  });

  it.each(['timestamp', 'log'])('holds by a %s from before, or as long after as clocks may be apart', (name) => {
    expect(signatureStep(check(name, 1))).toMatchObject({
      status: 'passed',
      detail: expect.stringContaining('and the earliest verified time of the signature is'),
    });
    expect(check(name, -4).ok).toBe(true);
  });

  it('is left to the statement’s own word where the time cannot be verified', () => {
    expect(signatureStep(check('timestamp', -10, null))).toMatchObject({
      status: 'passed',
      detail: expect.stringContaining('2020-01-01T00:00:00Z by its own word'),
    });
  });
});
