import 'server-only';
import { addressGuard } from '../guard/address-guard';
import { RefusedAddress, type Resolve, guardedPost } from '../guard/guarded-post';
import type { Context } from '../../context';
import { VERSION } from '../../config/version';
import type { Message } from '../message';
import { signedHeaders } from '../sign';
import { slackBody } from './slack';
import { ARRIVED, type Outcome, connectionFailure, notSent } from './outcome';

const TIMEOUT_MS = 15_000;
const GONE = 410;

type Http = { url: string; secret: string | null; id: string; message: Message; resolve: Resolve };

/** One attempt by HTTP: signed per Standard Webhooks where there is a secret, else as Slack and what is like it takes it. */
export async function sendHttp(ctx: Context, { url, secret, id, message, resolve }: Http): Promise<Outcome> {
  const { type, timestamp, data } = message;
  const body = secret === null ? slackBody(message) : JSON.stringify({ type, timestamp, data });
  const headers = {
    'content-type': 'application/json',
    'user-agent': `Sealtrail/${VERSION}`,
    ...(secret === null ? {} : signedHeaders(secret, { id, at: ctx.now(), body })),
  };
  try {
    const guard = addressGuard(ctx.env.notify.allowed);
    const posted = await guardedPost(new URL(url), { body, headers }, { guard, resolve, timeoutMs: TIMEOUT_MS });
    return outcomeOf(posted);
  } catch (error) {
    return notSent(error instanceof RefusedAddress ? error.message : connectionFailure(error, TIMEOUT_MS));
  }
}

function outcomeOf({ status, answer, retryAfter }: Awaited<ReturnType<typeof guardedPost>>): Outcome {
  if (status >= 200 && status < 300) return { ...ARRIVED, status, answer };
  const isRedirect = status >= 300 && status < 400;
  return {
    ok: false,
    status,
    answer,
    failure: isRedirect ? `it answered ${status}: redirects are not followed` : `it answered ${status}`,
    isDown: status >= 500 || status === 429 || status === 408,
    isFinal: status === GONE,
    retryAfter,
  };
}
