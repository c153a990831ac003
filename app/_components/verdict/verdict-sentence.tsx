'use client';
import { verdictSentence } from '@/lib/core/chain/sentence';
import type { Chain } from '@/lib/schemas/chains';
import { formatInstant } from '../format/instant';
import { useZone } from '../time/zone';
import { FORMAT_LABEL } from '@/lib/schemas/formats';

/** A chain's verdict in a sentence, its times in the zone of the page and in UTC on hover. */
export function VerdictSentence({ chain }: { chain: Chain }) {
  const zone = useZone();
  const { verdict, format, records, firstRecordedAt, lastRecordedAt, problemCounts } = chain;
  const said = verdictSentence(
    { verdict, label: FORMAT_LABEL[format], records, firstRecordedAt, lastRecordedAt, problemCounts },
    (from, to) => period(from, to, zone),
  );
  return <span title={chain.sentence}>{said}</span>;
}

/** ` from 11 May 2026, 08:00 to 15:12`. */
function period(from: string, to: string, zone: string): string {
  const [start, end] = [formatInstant(from, zone), formatInstant(to, zone)];
  if (start === end) return ` from ${start}`;
  return ` from ${start} to ${formatInstant(from, zone, 'day') === formatInstant(to, zone, 'day') ? formatInstant(to, zone, 'clock') : end}`;
}
