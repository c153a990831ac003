import { expect, it } from 'vitest';
import { contentSecurityPolicy } from './security-headers';

it('lets only scripts with the nonce run, and eval only in development', () => {
  const policy = contentSecurityPolicy('bm9uY2U=', { dev: false });
  expect(policy).toContain("script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic';");
  expect(policy).not.toMatch(/unsafe-eval|ws:|https?:/);
  expect(contentSecurityPolicy('bm9uY2U=', { dev: true })).toMatch(/'unsafe-eval'.*connect-src 'self' ws:/);
});
