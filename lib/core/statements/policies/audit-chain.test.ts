import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { AUDIT_CHAIN_POLICY, POLICIES, policyName } from './audit-chain';

it('names every policy by the digest of its text, the one in force first', () => {
  expect(POLICIES[0]).toBe(AUDIT_CHAIN_POLICY);
  for (const policy of POLICIES) {
    const digest = createHash('sha256').update(policy.text);
    expect(policyName(policy)).toBe(`ni:///sha-256;${digest.copy().digest('base64url')}`);
    expect(policy.sha256).toBe(digest.digest('hex'));
  }
});
