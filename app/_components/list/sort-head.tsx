'use client';
import { clsx } from 'clsx';
import { Link } from '../ui/link';
import { usePathname, useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { HeadCell } from '../ui/table';
import { readSort } from './sort';

/** The head of a column that a list can be sorted by. Pressed again it turns the order round. The order is in the address, and a list in another order begins at its first page. */
export function SortHead({
  by,
  sort,
  param = 'sort',
  cursor = 'cursor',
  isDownFirst = false,
  numeric = false,
  className,
  children,
}: {
  by: string;
  /** The order the list is in. */
  sort: string;
  /** Of the address, where a page has several lists. */
  param?: string;
  /** Names the page of the list in the address. */
  cursor?: string;
  /** What is most, newest or worst is looked for first. */
  isDownFirst?: boolean;
  numeric?: boolean;
  className?: string;
  children: ReactNode;
}) {
  const path = usePathname();
  const search = useSearchParams();
  const now = readSort(sort);
  const isThis = now.by === by;
  const isNextDown = isThis ? !now.isDown : isDownFirst;
  const query = new URLSearchParams(search);
  query.delete(cursor);
  query.set(param, isNextDown ? `-${by}` : by);
  return (
    <HeadCell
      numeric={numeric}
      className={className}
      aria-sort={isThis ? (now.isDown ? 'descending' : 'ascending') : 'none'}
    >
      <Link
        href={`${path}?${query}`}
        scroll={false}
        prefetch={false}
        title={`Sort ${isNextDown ? 'downwards' : 'upwards'}`}
        className={clsx(
          'group/sort -mx-1 inline-flex min-h-6 items-center gap-1 rounded-md px-1 hover:text-ink',
          isThis && 'text-ink',
          numeric && 'flex-row-reverse',
        )}
      >
        {children}
        <span
          aria-hidden
          className={clsx(
            'no-print shrink-0',
            !isThis && 'opacity-0 group-hover/sort:opacity-100 group-focus-visible/sort:opacity-100 max-sm:hidden',
          )}
        >
          {isThis ? (now.isDown ? '↓' : '↑') : '↕'}
        </span>
      </Link>
    </HeadCell>
  );
}
