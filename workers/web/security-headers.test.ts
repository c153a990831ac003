import { expect, it } from 'vitest';
import { bringsOwnPolicy, contentSecurityPolicy } from './security-headers';

it('lets only scripts with the nonce run, and eval only in development', () => {
  const policy = contentSecurityPolicy('bm9uY2U=', { dev: false });
  expect(policy).toContain("script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic';");
  expect(policy).not.toMatch(/unsafe-eval|ws:|https?:/);
  expect(contentSecurityPolicy('bm9uY2U=', { dev: true })).toMatch(/'unsafe-eval'.*connect-src 'self' ws:/);
});

it('leaves the policy to the verifier page, and to no other', () => {
  expect(['/verify', '/verify?download'].map(bringsOwnPolicy)).toEqual([true, true]);
  expect(
    ['/', '/verify/', '/verify/x', '/verifyx', '/sign-in?next=/verify', '/chains/verify', ''].map(bringsOwnPolicy),
  ).toEqual(Array(7).fill(false));
});
