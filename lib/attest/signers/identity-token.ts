import 'server-only';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { AppError } from '../../core/errors';
import type { Env } from '../../config/env';
import { isPassingStatus, signingFailure } from './failure';
import { SERVICE_TIMEOUT_MS } from './post';

/** Whom Fulcio wants a token to be made out for. */
const AUDIENCE = 'sigstore';
const TokenAnswer = z.object({ value: z.string() });

/**
 * The OIDC token of this moment: read again each time, as Kubernetes and CI systems replace it. The token itself is in no error.
 * @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED.
 */
export async function identityToken({ file, value, actions }: Env['signing']['token']): Promise<string> {
  const [token, from] = file
    ? [await readToken(file), 'SEALTRAIL_IDENTITY_TOKEN_FILE']
    : value
      ? [value, 'SIGSTORE_ID_TOKEN']
      : actions
        ? [await actionsToken(actions), 'ACTIONS_ID_TOKEN_REQUEST_URL']
        : ['', 'the environment'];
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token.trim()))
    throw new AppError('SIGNING_FAILED', `${from} gives no identity token`);
  return token.trim();
}

async function readToken(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError(
      'SIGNING_FAILED',
      'SEALTRAIL_IDENTITY_TOKEN_FILE names a file that cannot be read',
      { file },
      { cause: error },
    );
  }
}

async function actionsToken({ url, bearer }: { url: string; bearer: string }): Promise<string> {
  const requested = new URL(url);
  requested.searchParams.set('audience', AUDIENCE);
  let response: Response;
  try {
    response = await fetch(requested, {
      headers: { Authorization: `Bearer ${bearer}`, Accept: 'application/json' },
      signal: AbortSignal.timeout(SERVICE_TIMEOUT_MS),
    });
  } catch (error) {
    throw signingFailure(error, 'GitHub does not give an identity token');
  }
  const answer = TokenAnswer.safeParse(response.ok ? await response.json().catch(() => null) : null);
  if (!answer.success)
    throw new AppError(
      isPassingStatus(response.status) ? 'SIGNING_UNAVAILABLE' : 'SIGNING_FAILED',
      `GitHub does not give an identity token: it answers ${response.status}`,
    );
  return answer.data.value;
}
