import { isIP } from 'node:net';
import * as z from 'zod';

/** `10.0.0.0/8`, or one address. */
export type Network = { address: string; bits: number; family: 'ipv4' | 'ipv6' };
/** A mail server. Without `isPlain` a connection is under TLS before anything else is said. */
export type MailServer = {
  host: string;
  port: number;
  isImplicitTls: boolean;
  isPlain: boolean;
  user: string | null;
  password: string | null;
};

/** Variables that say how notifications leave. Specified in docs/notifications.md. */
export const NOTIFY_VARIABLES = {
  /** Networks of addresses that are not public and may be told all the same, also by http. */
  SEALTRAIL_NOTIFY_ALLOW: z.string().default('').transform(networksOf),
  /** `smtps://user:password@host:465`, or `smtp://host:587` with STARTTLS; `?tls=none` for a server on the same host that has none. */
  SEALTRAIL_SMTP_URL: z.string().default('').transform(mailServerOf),
  /** Who mail is from. */
  SEALTRAIL_SMTP_FROM: z.union([z.literal(''), z.email()]).default(''),
};

function networksOf(text: string, issues: z.RefinementCtx): Network[] {
  return text.split(/[\s,]+/).flatMap((entry): Network[] => {
    if (entry === '') return [];
    const [address = '', bits, more] = entry.split('/');
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const given = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (version !== 0 && more === undefined && given >= 0 && given <= most)
      return [{ address, bits: given, family: version === 4 ? 'ipv4' : 'ipv6' }];
    issues.addIssue(`"${entry}" is no network, as 10.0.0.0/8`);
    return [];
  });
}

function mailServerOf(text: string, issues: z.RefinementCtx): MailServer | null {
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const tls = url?.searchParams.get('tls');
  const isImplicitTls = url?.protocol === 'smtps:';
  if (!url?.hostname || !/^smtps?:$/.test(url.protocol) || (tls && (tls !== 'none' || isImplicitTls))) {
    issues.addIssue('must be smtps://user:password@host:465 or smtp://user:password@host:587');
    return null;
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isImplicitTls ? 465 : 587),
    isImplicitTls,
    isPlain: tls === 'none',
    user: url.username ? decodeURIComponent(url.username) : null,
    password: url.password ? decodeURIComponent(url.password) : null,
  };
}
