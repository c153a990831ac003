import 'server-only';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Context } from '../context';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const Target = z.union([
  z.object({ url: z.string(), secret: z.string().nullable() }),
  z.object({ to: z.array(z.string()) }),
]);
/** Where messages go, and what they are signed with. */
export type Target = z.infer<typeof Target>;

/** A target as it is kept: AES-256-GCM under a key made of `SEALTRAIL_SECRET`, bound to the id of its destination. */
export function seal(ctx: Pick<Context, 'env'>, destinationId: string, target: Target): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(ctx), nonce).setAAD(Buffer.from(destinationId));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(target), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64');
}

/** Null when another secret sealed it, or it was altered. */
export function unseal(ctx: Pick<Context, 'env'>, destinationId: string, sealed: string): Target | null {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(ctx), bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    }).setAAD(Buffer.from(destinationId));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return Target.parse(JSON.parse(text.toString('utf8')));
  } catch {
    return null; // the tag does not fit, or what it covers is none of ours
  }
}

function keyOf({ env }: Pick<Context, 'env'>): Buffer {
  return Buffer.from(hkdfSync('sha256', env.secret, '', 'sealtrail notification destinations', 32));
}
