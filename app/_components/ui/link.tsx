'use client';
import NextLink, { useLinkStatus } from 'next/link';
import { type ComponentProps, useEffect, useState } from 'react';
import { wentTo } from './under-way';

type Props = Omit<
  ComponentProps<typeof NextLink>,
  'href' | 'prefetch' | 'onMouseEnter' | 'onFocus' | 'onTouchStart'
> & {
  href: string;
  /** False for what costs the server much, or is seldom followed: it is read when it is pressed. */
  prefetch?: false;
};

/**
 * A link whose page is begun when it is pointed at. One that is only on the screen costs nothing: a page has two dozen of them, and each was a request of its
 * own, half of what the page itself costs the server.
 */
export function Link({ prefetch, children, ...props }: Props) {
  const [isMeant, setMeant] = useState(false);
  const mean = prefetch === false ? undefined : () => setMeant(true);
  return (
    <NextLink {...props} prefetch={isMeant ? null : false} onMouseEnter={mean} onFocus={mean} onTouchStart={mean}>
      {children}
      <Followed href={props.href} />
    </NextLink>
  );
}

/** Has it said while the page that the link leads to is not here yet. */
function Followed({ href }: { href: string }) {
  const { pending } = useLinkStatus();
  useEffect(() => (pending ? wentTo(href) : undefined), [pending, href]);
  return null;
}
