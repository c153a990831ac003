/** Only for resolving paths: no request goes there. */
const HERE = 'http://here.invalid';
const MAX_LENGTH = 2_000;

/** The path to go to after sign-in: one on this server, or the overview. A path that a browser reads as another host's is none. */
export function returnPath(to: string | undefined): string {
  if (!to || to.length > MAX_LENGTH || !to.startsWith('/') || !URL.canParse(to, HERE)) return '/';
  const { origin, pathname, searchParams, hash } = new URL(to, HERE);
  if (origin !== HERE || pathname.startsWith('//') || pathname === '/sign-in') return '/';
  // What Next adds when a page asks for another's parts.
  searchParams.delete('_rsc');
  const query = searchParams.toString();
  return `${pathname}${query ? `?${query}` : ''}${hash}`;
}

/** The sign-in page, which goes back to `address` afterwards. */
export function signInPath(address: string | null): string {
  const to = returnPath(address ?? undefined);
  return to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`;
}
