import 'server-only';
import { isIP } from 'node:net';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import type { DestinationAddress } from '../schemas/notifications';
import { addressGuard } from './guard/address-guard';
import type { Target } from './sealed';

/**
 * What is kept sealed, and what of it may be shown: of Slack's addresses the path is the secret. `secret` is asked for that of a webhook.
 * @throws AppError CONFLICT for mail without a mail server; BAD_REQUEST for an address that can be none.
 */
export function targetOf(
  ctx: Pick<Context, 'env'>,
  made: DestinationAddress,
  secret: () => string,
): { target: Target; address: string } {
  if (made.kind === 'email') {
    if (!ctx.env.notify.mail)
      throw new AppError(
        'CONFLICT',
        'no mail server is stated: an operator sets SEALTRAIL_SMTP_URL and SEALTRAIL_SMTP_FROM',
      );
    return { target: { to: made.to }, address: made.to.join(', ') };
  }
  const url = new URL(made.url);
  const refuse = (message: string) => {
    throw new AppError('BAD_REQUEST', message, { field: 'url' });
  };
  if (url.username || url.password) refuse('url: an address with a name and a password in it is not used');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const { isAllowed, isListed } = addressGuard(ctx.env.notify.allowed);
  if (isIP(host) && !isAllowed(host))
    refuse(`url: ${host} is no public address; an operator allows it by SEALTRAIL_NOTIFY_ALLOW`);
  if (url.protocol === 'http:' && isIP(host) && !isListed(host)) refuse('url: use https');
  url.hash = '';
  return made.kind === 'slack'
    ? { target: { url: url.href, secret: null }, address: `${url.origin}/…` }
    : {
        target: { url: url.href, secret: secret() },
        address: `${url.origin}${url.pathname}${url.search ? '?…' : ''}`,
      };
}
