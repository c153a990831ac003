import 'server-only';
import * as client from 'openid-client';
import type { SignInRefusal } from '../../schemas/sign-in-refusals';

/** By the codes of openid-client. */
const BY_CODE: Record<string, SignInRefusal> = {
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'clock',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'token',
  OAUTH_KEY_SELECTION_FAILED: 'token',
  OAUTH_INVALID_RESPONSE: 'token',
  OAUTH_UNSUPPORTED_OPERATION: 'token',
  OAUTH_TIMEOUT: 'unreachable',
  OAUTH_RESPONSE_IS_NOT_CONFORM: 'unreachable',
  OAUTH_RESPONSE_IS_NOT_JSON: 'unreachable',
  OAUTH_PARSE_ERROR: 'unreachable',
  // What is found at the issuer's address names another issuer.
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'unreachable',
};
const OF_CLIENT = new Set(['invalid_client', 'unauthorized_client']);

/** What came of a question to the provider that failed. */
export function refusalOf(error: unknown): SignInRefusal {
  if (error instanceof client.AuthorizationResponseError)
    return error.error === 'access_denied' ? 'cancelled' : 'provider';
  if (error instanceof client.ResponseBodyError) {
    if (OF_CLIENT.has(error.error)) return 'client';
    // The code was used, or is too old.
    return error.error === 'invalid_grant' ? 'attempt' : 'provider';
  }
  if (error instanceof client.WWWAuthenticateChallengeError) return 'client';
  // What `fetch` throws when there is no answer.
  if (error instanceof TypeError) return 'unreachable';
  return (error instanceof client.ClientError && error.code && BY_CODE[error.code]) || 'provider';
}

/** What the log is told of it: codes and the provider's own words, no token, code or secret. */
export function loggedOf(error: unknown): Record<string, string> {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
    return { error: error.error, description: (error.error_description ?? '').slice(0, 200) };
  if (!(error instanceof Error)) return {};
  const { name, message, cause } = error;
  const code = 'code' in error ? String(error.code) : '';
  // Of an answer that was refused the cause is the answer; of no answer it says what the connection came to.
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return { error: name, code, description: message.slice(0, 200), reason };
}
