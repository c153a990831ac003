import { ClickHouseError } from '@clickhouse/client';
import { AppError } from '../core/errors';
import type { JobKind } from './kinds';

/** What a job of each kind does, in words. */
export const STAGE: Record<JobKind, string> = {
  'check-segment': 'Checking',
  'join-chain': 'Verifying',
  'follow-reference': "Following the tool's own verifier",
  'load-chain': 'Loading into the lake',
  'detect-chain': 'Running the rules',
  'attest-chain': 'Signing',
  'attest-request': 'Signing what was asked for',
  'make-package': 'Making the evidence package',
  'make-report-run': 'Making the report to be kept',
  'delete-chain': 'Deleting the chain',
  'publish-log': 'Publishing the log',
  'deliver-notifications': 'Sending notifications',
  'close-tail': 'Closing the open segment',
  'load-tail': 'Loading what was appended',
  'detect-tail': 'Running the rules over what was appended',
  'backfill-rule': 'Running a rule over what was recorded before',
};

const UNANSWERED =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|EPIPE|57P0[123]|53300|08\w{3})$/;

/** Why a job failed, in words for people: what we foresaw in its own, the rest by where it failed. Never what a log holds: that is for the worker's own log. */
export function causeInWords(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof ClickHouseError)
    return `the event lake refused it (${error.type ?? `code ${error.code}`}); the worker's log has more`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (UNANSWERED.test(code)) return `a part it needs does not answer (${code})`;
  if (/^[0-9A-Z]{5}$/.test(code)) return `the database refused it (code ${code}); the worker's log has more`;
  return `an unexpected failure${code === '' ? '' : ` (${code})`}; the worker's log has more`;
}

/** What a job of this kind failed at, as a sentence. */
export function failureSentence(kind: JobKind, cause: string): string {
  return `${STAGE[kind]} did not succeed and is tried again: ${cause}.`;
}
