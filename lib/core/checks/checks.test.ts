import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Check,
  Refusal,
  checkWords,
  described,
  failed,
  isMet,
  passed,
  reasonOf,
  runCheck,
  skipped,
} from './check';
import { describeChecks } from './describe-checks';

const DOC = path.resolve(import.meta.dirname, '../../../docs/checks.md');
const check: Check = {
  step: 'subject',
  status: 'failed',
  reason: { code: 'subject-differs', sha256: 'aa', subjects: ['bb', null] },
};

it('is written down in docs/checks.md as it is', () => {
  if (process.env['SEALTRAIL_WRITE_DOCS']) writeFileSync(DOC, describeChecks());
  expect(readFileSync(DOC, 'utf8')).toBe(describeChecks());
});

it('says what its values are', () => {
  expect(checkWords(check)).toBe(
    'The statement is about these bytes: the bytes have SHA-256 aa; the statement is about bb, a subject without SHA-256',
  );
  expect(described(check)).toEqual({
    ...check,
    title: 'The statement is about these bytes',
    detail: 'the bytes have SHA-256 aa; the statement is about bb, a subject without SHA-256',
  });
});

describe('runCheck', () => {
  it('gives what the step comes to, and fails it by what it throws', () => {
    expect(runCheck(() => passed({ code: 'segments-stored', segments: 2 }))).toEqual({
      status: 'passed',
      reason: { code: 'segments-stored', segments: 2 },
    });
    expect(
      runCheck(() => {
        throw new Refusal({ code: 'bare-signature' });
      }),
    ).toEqual({ status: 'failed', reason: { code: 'bare-signature' } });
    expect(runCheck(() => JSON.parse('{'))).toMatchObject({
      status: 'failed',
      reason: { code: 'unreadable', error: null },
    });
    expect(reasonOf('thrown')).toEqual({ code: 'unreadable', error: null, said: 'thrown' });
  });
});

it('a step that was needed and not run is not met', () => {
  expect(
    [
      passed({ code: 'bare-signature' }),
      skipped({ code: 'not-required', carried: 1 }),
      skipped({ code: 'no-log-key', origin: 'x', size: 1 }),
    ].map(isMet),
  ).toEqual([true, true, true]);
  expect(
    [
      failed({ code: 'bare-signature' }),
      skipped({ code: 'no-trusted-root', carried: 1 }),
      skipped({ code: 'nobody-trusted' }),
      skipped({ code: 'payload-not-proven' }),
    ].map(isMet),
  ).toEqual([false, false, false, false]);
});
