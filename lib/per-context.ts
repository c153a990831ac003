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

/** The same for what may fail: a failed attempt is not remembered. */
export function perContextOnceMade<T>(name: string, make: (ctx: Context) => Promise<T>): (ctx: Context) => Promise<T> {
  const held = perContext(name, (): { made: Promise<T> | null } => ({ made: null }));
  return (ctx) => {
    const holder = held(ctx);
    if (!holder.made) {
      const made = make(ctx);
      holder.made = made;
      made.catch(() => {
        if (holder.made === made) holder.made = null;
      });
    }
    return holder.made;
  };
}
