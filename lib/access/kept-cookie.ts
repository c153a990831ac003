import 'server-only';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import * as z from 'zod';
import type { Context } from '../context';

type Parts = Pick<Context, 'env' | 'now'>;

/**
 * What a browser keeps for us between two requests, sealed: what it was given in one it brings back in the next, for a while. Another browser has none of
 * it. `purpose` is its name too, so that one is not taken for another.
 */
export function keptCookie<S extends z.ZodType>({
  purpose,
  path,
  goodMs,
  schema,
}: {
  purpose: string;
  path: string;
  goodMs: number;
  schema: S;
}) {
  const Kept = z.object({ purpose: z.literal(purpose), keptAtMs: z.number(), value: z.unknown() });
  const name = ({ env }: Parts) => `${isSecure(env) ? '__Secure-' : ''}sealtrail.${purpose}`;
  const line = (parts: Parts, value: string, seconds: number) =>
    `${name(parts)}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure(parts.env) ? '; Secure' : ''}`;
  return {
    /** The line that has the browser keep it. */
    async keep(parts: Parts, value: z.input<S>): Promise<string> {
      const data = JSON.stringify({ purpose, keptAtMs: parts.now().getTime(), value });
      return line(parts, await symmetricEncrypt({ key: parts.env.secret, data }), goodMs / 1000);
    },
    /** The line that has it forgotten. */
    forget: (parts: Parts): string => line(parts, '', 0),
    /** What the browser keeps; null when that is nothing, is too old or is not by us. */
    async read(parts: Parts, headers: Headers): Promise<z.output<S> | null> {
      const prefix = `${name(parts)}=`;
      const kept = (headers.get('cookie') ?? '')
        .split(/;\s*/)
        .find((one) => one.startsWith(prefix))
        ?.slice(prefix.length);
      if (!kept) return null;
      const opened = await symmetricDecrypt({ key: parts.env.secret, data: kept })
        .then((text): unknown => JSON.parse(text))
        .catch(() => null); // another secret, or altered
      const { data } = Kept.safeParse(opened);
      if (!data || parts.now().getTime() - data.keptAtMs >= goodMs) return null;
      return schema.safeParse(data.value).data ?? null;
    },
  };
}

function isSecure({ publicUrl }: Parts['env']): boolean {
  return publicUrl.startsWith('https:');
}
