import 'server-only';
import { notFound } from 'next/navigation';
import { SessionParams } from '@/lib/schemas/sessions';

/** The id of a session from its part of the address, which Next gives as it was sent; anything else has no page. */
export function sessionIdOf(segment: string): string {
  try {
    const parsed = SessionParams.safeParse({ sessionId: decodeURIComponent(segment) });
    return parsed.success ? parsed.data.sessionId : notFound();
  } catch (error) {
    if (error instanceof URIError) notFound();
    throw error;
  }
}
