// What `@sigstore` asks of `node:util`, for browsers: the build puts this module in its place.

/** Whether two plain values, of objects, arrays, bytes, dates and what is no object, are the same. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime()); // of the same prototype; a date that is none equals another
  const [keys, others] = [Reflect.ownKeys(a), Reflect.ownKeys(b)];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && isDeepStrictEqual(Reflect.get(a, key), Reflect.get(b, key)))
  );
}
