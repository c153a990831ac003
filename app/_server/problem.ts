import 'server-only';
import * as z from 'zod';
import { AppError, type ErrorCode } from '@/lib/core/errors';

/** The only table of status codes there is. */
export const STATUS: Record<ErrorCode, [status: number, title: string]> = {
  BAD_REQUEST: [400, 'The request is not valid'],
  UNAUTHENTICATED: [401, 'A credential is needed'],
  FORBIDDEN: [403, 'This credential may not do that'],
  SECOND_FACTOR_REQUIRED: [403, 'A second factor has to be set up first'],
  NOT_FOUND: [404, 'There is no such thing'],
  CONFLICT: [409, 'The state of things does not allow that'],
  DIGEST_MISMATCH: [400, 'The body is not what its digest says'],
  KEY_REUSED: [422, 'The Idempotency-Key was used for another body'],
  TOO_LARGE: [413, 'Too large'],
  UNKNOWN_FORMAT: [422, 'The format was not recognised'],
  UNREADABLE_BODY: [422, 'The body could not be read'],
  UNSUPPORTED_MEDIA: [415, 'The body is not in a form that is read here'],
  STORAGE_FULL: [507, 'No room left in the evidence store'],
  BUSY: [429, 'Too busy, try again'],
  SEARCH_TOO_LARGE: [422, 'The search is too large'],
  UNAVAILABLE: [503, 'A part of Sealtrail is not reachable'],
  EVIDENCE_MISSING: [500, 'Evidence is missing'],
  EVIDENCE_DELETED: [410, 'Deleted after its retention had ended'],
  EVIDENCE_ALTERED: [500, 'Evidence was altered'],
  EVIDENCE_UNAVAILABLE: [503, 'The evidence store is not reachable'],
  SIGNING_FAILED: [500, 'Signing failed'],
  SIGNING_UNAVAILABLE: [503, 'A signing service is not reachable'],
};
const RETRY_AFTER_SECONDS = 5;
const DOWN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
]);

/** What PostgreSQL says when its disk has no room for a row. */
const DISK_FULL = '53100';

/** Any failure as RFC 9457 problem+json. What we did not foresee is logged by the caller and shown by its request id alone. */
export function problemResponse(error: unknown, requestId: string): Response {
  const { status, title, detail, extra } = describe(error);
  return Response.json(
    {
      type: `https://sealtrail.dev/problems/${extra.code.toLowerCase().replaceAll('_', '-')}`,
      title,
      status,
      detail,
      requestId,
      ...extra,
    },
    {
      status,
      headers: {
        'Content-Type': 'application/problem+json',
        'X-Request-Id': requestId,
        ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="sealtrail"' }),
        ...((status === 429 || status === 503) && { 'Retry-After': String(RETRY_AFTER_SECONDS) }),
      },
    },
  );
}

function describe(error: unknown) {
  if (error instanceof AppError) {
    const [status, title] = STATUS[error.code];
    return { status, title, detail: error.message, extra: { code: error.code as string, ...error.details } };
  }
  if (error instanceof z.ZodError) {
    const errors = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    return {
      status: 400,
      title: STATUS.BAD_REQUEST[1],
      detail: errors.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; '),
      extra: { code: 'BAD_REQUEST', errors },
    };
  }
  if (isDown(error)) {
    return {
      status: 503,
      title: STATUS.UNAVAILABLE[1],
      detail: 'the database or the event lake does not answer; nothing was lost, try again shortly',
      extra: { code: 'UNAVAILABLE' },
    };
  }
  if (hasCode(error, (code) => code === DISK_FULL)) {
    return {
      status: 507,
      title: 'No room left on the disk',
      detail: 'the disk of the database has no room left, so nothing was changed: make room on it, then try again',
      extra: { code: 'STORAGE_FULL' },
    };
  }
  return {
    status: 500,
    title: 'Something went wrong',
    detail: 'an unexpected failure; the log has it under this request id',
    extra: { code: 'INTERNAL' },
  };
}

/** Whether a database or lake did not answer, as opposed to answering no. */
function isDown(error: unknown): boolean {
  if (hasCode(error, (code) => DOWN.has(code))) return true;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    // oxlint-disable-next-line house/no-decision-on-words -- pg has no code for a connection that ends or is not made in time
    if (/Connection terminated|connection timeout|socket hang up/i.test(at.message)) return true;
  }
  return false;
}

function hasCode(error: unknown, is: (code: string) => boolean): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && is(String(at.code))) return true;
  return false;
}
