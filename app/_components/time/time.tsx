'use client';
import { formatAgo } from '../format/duration';
import { type InstantStyle, formatInstant, formatUtc } from '../format/instant';
import { formatSpan } from '../format/span';
import { useNow, useZone } from './zone';

/** An instant in the reader's zone, UTC on hover. */
export function Time({ at, as = 'minute', className }: { at: string; as?: InstantStyle; className?: string }) {
  return (
    <time dateTime={at} title={formatUtc(at)} className={className}>
      {formatInstant(at, useZone(), as)}
    </time>
  );
}

/** How long ago, to stand beside the absolute time. */
export function Ago({ at, className }: { at: string; className?: string }) {
  return (
    <time dateTime={at} title={formatUtc(at)} className={className}>
      {formatAgo(at, useNow())}
    </time>
  );
}

/** From one instant to another, the shared day said once. */
export function TimeSpan({ from, to, className }: { from: string; to: string; className?: string }) {
  return (
    <span title={`${formatUtc(from)} to ${formatUtc(to)}`} className={className}>
      {formatSpan(from, to, useZone())}
    </span>
  );
}
