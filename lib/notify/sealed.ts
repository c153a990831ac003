import 'server-only';
import * as z from 'zod';
import type { Context } from '../context';
import { type SealedFor, sealText, unsealText } from '../crypto/seal';

const Target = z.union([
  z.object({ url: z.string(), secret: z.string().nullable() }),
  z.object({ to: z.array(z.string()) }),
]);
/** Where messages go, and what they are signed with. */
export type Target = z.infer<typeof Target>;

/** A target as it is kept: sealed under a key made of `SEALTRAIL_SECRET`, bound to the id of its destination. */
export function seal(ctx: Pick<Context, 'env'>, destinationId: string, target: Target): string {
  return sealText(keyOf(ctx, destinationId), JSON.stringify(target));
}

/** Null when another secret sealed it, or it was altered. */
export function unseal(ctx: Pick<Context, 'env'>, destinationId: string, sealed: string): Target | null {
  const text = unsealText(keyOf(ctx, destinationId), sealed);
  return text === null ? null : (Target.safeParse(JSON.parse(text)).data ?? null);
}

function keyOf({ env }: Pick<Context, 'env'>, destinationId: string): SealedFor {
  return { secret: env.secret, purpose: 'sealtrail notification destinations', boundTo: destinationId };
}
