import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../access/actor';
import { resetSecondFactor } from '../access/second-factor/reset';
import type { Context } from '../context';
import type { ResetSecondFactor } from '../schemas/second-factor';
import type { z } from 'zod';
import { sendMail } from './send/send-mail';

/** Takes the second factor of a person away, and tells them so where a mail server is stated. @throws as `resetSecondFactor`; a mail that fails is part of the answer. */
export async function resetAndTell(
  ctx: Context,
  { personId, actor }: { personId: string; actor: Actor },
): Promise<z.infer<typeof ResetSecondFactor>> {
  const { email } = await resetSecondFactor(ctx, { personId, actor });
  if (!ctx.env.notify.mail) return { mail: 'none', mailFailure: null };
  const { failure } = await sendMail(ctx, {
    to: [email],
    id: randomUUID(),
    message: {
      subject: 'Your second factor for Sealtrail was taken away',
      lines: [
        `${actor.name} took your second factor at the Sealtrail at ${ctx.env.publicUrl} away, and signed you out everywhere.`,
        'If you did not ask for that, tell another administrator at once. Otherwise sign in and set up a new one.',
      ],
      url: new URL('/settings/you', ctx.env.publicUrl).href,
    },
  });
  return { mail: failure === null ? 'sent' : 'failed', mailFailure: failure };
}
