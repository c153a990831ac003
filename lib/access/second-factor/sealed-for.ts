import 'server-only';
import type { Context } from '../../context';
import type { SealedFor } from '../../crypto/seal';

/** What the secret of a person's authenticator app is sealed with. */
export function sealedFor({ env }: Pick<Context, 'env'>, personId: string): SealedFor {
  return { secret: env.secret, purpose: 'sealtrail authenticator apps', boundTo: personId };
}
