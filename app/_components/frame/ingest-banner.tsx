'use client';
import { TriangleAlert } from 'lucide-react';
import { asSentence } from '@/lib/core/text/words';
import { formatInstant } from '../format/instant';
import { useZone } from '../time/zone';
import { useHealth } from './use-health';

/** Across every page while what is sent may not be kept: senders are told to try again. */
export function IngestBanner() {
  const health = useHealth();
  const zone = useZone();
  if (health === null || health === 'unreached' || (health.writing === 'ok' && health.status !== 'down')) return null;
  return (
    <div
      role="alert"
      className="no-print flex items-start gap-2 border-b border-v-tampered/40 bg-v-tampered/10 px-4 py-2 text-sm md:px-6"
    >
      <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-v-tampered" />
      <p>
        <strong className="font-medium">
          Ingest is degraded{health.since && ` since ${formatInstant(health.since, zone, 'clock')}`}.
        </strong>{' '}
        {health.cause ? asSentence(health.cause) : 'A store does not take writes.'} Senders are asked to try again; what
        was acknowledged is stored. Ingest recovers after three successful writes in a row.
      </p>
    </div>
  );
}
