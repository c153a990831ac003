import 'server-only';
import { createTransport } from 'nodemailer';
import type { MailServer } from '../../config/notify-env';
import type { Context } from '../../context';
import type { Message } from '../message';
import { ARRIVED, type Outcome, connectionFailure, notSent } from './outcome';

const TIMEOUT_MS = 20_000;
const MOST_SUBJECT_CHARACTERS = 200;
/** What nodemailer calls failures of recipients and of what was said to them; all others are of the server. */
const OF_ONE_MESSAGE: ReadonlySet<unknown> = new Set(['EENVELOPE', 'EMESSAGE']);

/** One attempt by mail, through the server an operator states. `ca` is trusted in place of the roots of Node. */
export async function sendMail(
  { env }: Pick<Context, 'env'>,
  {
    to,
    id,
    message,
    attachment,
    ca,
  }: {
    to: readonly string[];
    id: string;
    message: Pick<Message, 'subject' | 'lines' | 'url'>;
    attachment?: { name: string; content: Buffer } | null;
    ca?: string;
  },
): Promise<Outcome> {
  const { mail } = env.notify;
  if (!mail) return notSent('no mail server is stated: SEALTRAIL_SMTP_URL and SEALTRAIL_SMTP_FROM');
  const transport = createTransport({ ...optionsOf(mail.server), ...(ca ? { tls: { ca } } : {}) });
  try {
    const sent = await transport.sendMail({
      from: { name: 'Sealtrail', address: mail.from },
      to: [...to],
      subject: oneLine(message.subject),
      text: [message.subject, '', ...message.lines, '', message.url, ''].join('\n'),
      textEncoding: 'quoted-printable',
      messageId: `<${id}@sealtrail>`,
      ...(attachment && { attachments: [{ filename: attachment.name, content: attachment.content }] }),
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return { ...ARRIVED, status: Number(sent.response.slice(0, 3)) || null, answer: sent.response.slice(0, 1024) };
  } catch (error) {
    return failed(error);
  } finally {
    transport.close();
  }
}

function optionsOf({ host, port, isImplicitTls, isPlain, user, password }: MailServer) {
  return {
    host,
    port,
    secure: isImplicitTls,
    requireTLS: !isImplicitTls && !isPlain,
    ignoreTLS: isPlain,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  };
}

/** A server that answered said why; 5xx of a recipient stays as it is, and is tried again all the same, as mailboxes come back. */
function failed(error: unknown): Outcome {
  const { code, responseCode, response } = error as { code?: unknown; responseCode?: unknown; response?: unknown }; // what nodemailer adds to its errors
  if (typeof responseCode !== 'number') return notSent(connectionFailure(error, TIMEOUT_MS));
  return {
    ...notSent(`the mail server answered ${responseCode}`),
    status: responseCode,
    answer: typeof response === 'string' ? response.slice(0, 1024) : '',
    isDown: responseCode < 500 || !OF_ONE_MESSAGE.has(code),
  };
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return line.length <= MOST_SUBJECT_CHARACTERS
    ? line
    : `${line.slice(0, MOST_SUBJECT_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
