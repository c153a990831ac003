import { clsx } from 'clsx';
import { Link } from '../ui/link';
import type { ComponentProps } from 'react';

/** What a row is about: a click anywhere in the row opens it. */
export function RowLink({ className, ...props }: ComponentProps<typeof Link>) {
  return <Link data-row-link="" className={clsx('link', className)} {...props} />;
}
