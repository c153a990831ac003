'use client';
import { type ReactNode, createContext, use, useEffect, useMemo, useState } from 'react';
import { ZONE_COOKIE } from '../theme/cookies';

/** IANA zone times are shown in, and the server's clock when it rendered. */
const Ambient = createContext<{ zone: string; renderedAt: number }>({ zone: 'UTC', renderedAt: 0 });

/**
 * The first visit renders in UTC and then moves to the browser's zone, which is remembered in a cookie:
 * from then on server and browser agree and nothing moves.
 */
export function ZoneProvider({
  zone: known,
  renderedAt,
  children,
}: {
  zone: string;
  renderedAt: number;
  children: ReactNode;
}) {
  const [zone, setZone] = useState(known);
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!own || own === known) return;
    document.cookie = `${ZONE_COOKIE}=${encodeURIComponent(own)}; path=/; max-age=31536000; samesite=lax`;
    setZone(own);
  }, [known]);
  return <Ambient value={{ zone, renderedAt }}>{children}</Ambient>;
}

/** Everything in it in another zone than the reader's, as a report is in UTC. */
export function InZone({ zone, children }: { zone: string; children: ReactNode }) {
  const { renderedAt } = use(Ambient);
  return <Ambient value={useMemo(() => ({ zone, renderedAt }), [zone, renderedAt])}>{children}</Ambient>;
}

export function useZone(): string {
  return use(Ambient).zone;
}

/** The clock, moved on every half minute; the server's until the page is live. */
export function useNow(): number {
  const { renderedAt } = use(Ambient);
  const [now, setNow] = useState(renderedAt);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
