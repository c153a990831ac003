import 'server-only';
import { isIPv6 } from 'node:net';
import { fold } from '../audit/fold';
import type { Context } from '../context';
import { systemActor } from './actor';

/** Nobody is signed in then, and whoever asks is not known to be who they say. */
const NOBODY = systemActor('nobody');
const UNKNOWN = 'unknown';

/** By what somebody wanted to be let in, why they were not, and whom it was about, where that is somebody: by id or by address. */
type Refused = {
  by: 'password' | 'code' | 'passkey' | 'oidc';
  refusal: string;
  personId?: string | null;
  email?: string | null;
};

/**
 * Counts a sign-in that was refused, before that is answered: of one person, network address and reason those within a minute are one action. What was typed
 * is not kept where it is nobody's address: it may be a password.
 */
export async function recordRefusedSignIn(
  ctx: Context,
  headers: Headers,
  { by, refusal, personId, email }: Refused,
): Promise<void> {
  const known =
    personId ??
    (email &&
      (await ctx.db.selectFrom('user').select('id').where('email', '=', email.trim().toLowerCase()).executeTakeFirst())
        ?.id);
  await fold(ctx.db, ctx.now(), NOBODY, {
    action: refusal === 'locked-out' ? 'person.refuse-sign-ins' : 'person.refuse-sign-in',
    manyAction: 'person.refuse-sign-ins',
    subjectId: known || UNKNOWN,
    details: { by, why: refusal, address: networkOf(headers.get('x-sealtrail-peer') ?? '') },
  });
}

/** An address of IPv4, and of IPv6 the /64 it is of: one network has more of them than can be counted apart. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const [first, last] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return `${[...first, ...(address.includes('::') ? zeros : []), ...last].slice(0, 4).join(':')}::/64`;
}
