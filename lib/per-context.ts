import type { Context } from './context';

/** Kept beside the process, not beside the module: routes may be bundled apart, and share what is made here all the same. */
const shared = globalThis as { sealtrailPerContext?: Map<string, WeakMap<Context, unknown>> };

/** What there is one of for each context, by a name of its own: made when it is first asked for. */
export function perContext<T>(name: string, make: (ctx: Context) => T): (ctx: Context) => T {
  return (ctx) => {
    shared.sealtrailPerContext ??= new Map();
    const made = shared.sealtrailPerContext.get(name) ?? new WeakMap<Context, unknown>();
    shared.sealtrailPerContext.set(name, made);
    if (!made.has(ctx)) made.set(ctx, make(ctx));
    return made.get(ctx) as T; // by this name nothing else is kept
  };
}

/** What may fail and is made once. `held` gives it only when it was asked for before. */
export type OnceMade<T> = ((ctx: Context) => Promise<T>) & { held(ctx: Context): Promise<T> | null };

/** The same for what may fail: a failed attempt is not remembered, and what is outdated is made again. */
export function perContextOnceMade<T>(
  name: string,
  make: (ctx: Context) => Promise<T>,
  isOutdated?: (ctx: Context, made: T) => Promise<boolean>,
): OnceMade<T> {
  const holderOf = perContext(name, (): { made: Promise<T> | null } => ({ made: null }));
  const get = async (ctx: Context) => {
    const holder = holderOf(ctx);
    const known = holder.made;
    if (known && !(await isOutdated?.(ctx, await known))) return known;
    const made = make(ctx);
    holder.made = made;
    made.catch(() => {
      if (holder.made === made) holder.made = null;
    });
    return made;
  };
  return Object.assign(get, { held: (ctx: Context) => holderOf(ctx).made });
}
