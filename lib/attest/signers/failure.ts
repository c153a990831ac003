import 'server-only';
import { InternalError } from '@sigstore/sign';
import { AppError } from '../../core/errors';

/** What the network, name lookup and the HTTP clients' own limits say when nobody answers. */
const SILENT =
  /^(E(CONN|AI_|HOST|NET|NOTFOUND|PIPE|TIMEDOUT|RESPONSETIMEOUT|TRANSFERTIMEOUT|IDLETIMEOUT)\w*|ERR_SOCKET\w*|UND_ERR\w*)$/;

/** Whether to try again later: nobody answered, or the service said it cannot now. */
export function isPassing(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if ('statusCode' in at && typeof at.statusCode === 'number') return isPassingStatus(at.statusCode);
    if ('code' in at && typeof at.code === 'string' && SILENT.test(at.code)) return true;
    if (at.name === 'TimeoutError' || ('type' in at && (at.type === 'request-timeout' || at.type === 'body-timeout')))
      return true;
  }
  return false;
}

export function isPassingStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** What the Sigstore libraries throw, as SIGNING_UNAVAILABLE or SIGNING_FAILED. An identity token they quote goes no further. */
export function signingFailure(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof InternalError && error.code === 'IDENTITY_TOKEN_READ_ERROR' && error.cause instanceof AppError)
    return error.cause;
  if (error instanceof InternalError && error.code === 'IDENTITY_TOKEN_PARSE_ERROR')
    return new AppError(
      'SIGNING_FAILED',
      `${what}: the identity token has no subject, or an address its issuer has not verified`,
    );
  const passing = isPassing(error);
  return new AppError(
    passing ? 'SIGNING_UNAVAILABLE' : 'SIGNING_FAILED',
    `${what}: ${reasonOf(error)}`,
    {},
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  // oxlint-disable-next-line house/no-decision-on-words -- what the message says of its cause already is not said twice
  return cause instanceof Error && !error.message.includes(cause.message)
    ? `${error.message} (${reasonOf(cause)})`
    : error.message;
}
