import { notFound } from 'next/navigation';
import * as z from 'zod';

/** An id of a rule from an address; anything else has no page. */
export function ruleIdOf(value: string): string {
  const id = z.guid().safeParse(value);
  return id.success ? id.data : notFound();
}
