/** Thrown into a reading that is no longer wanted. */
export class Stopped extends Error {}

/** Why something could not be read. @throws Stopped when that is why. */
export function failureOf(error: unknown): string {
  if (error instanceof Stopped) throw error;
  return error instanceof Error ? error.message : String(error);
}
