'use client';
import { formatNoun } from '../format/number';
import { formatInstant } from '../format/instant';
import { useZone } from '../time/zone';
import { Tip } from '../ui/tip';
import { useHealth } from './use-health';

const PARTS = { database: 'Metadata', lake: 'Search', evidence: 'Evidence', worker: 'Checking' } as const;

/** A dot with words: whether what arrives is being stored and checked. */
export function IngestState() {
  const health = useHealth();
  const zone = useZone();
  const ailing =
    health && health !== 'unreached'
      ? Object.entries(PARTS)
          .filter(([part]) => !health.checks[part as keyof typeof PARTS])
          .map(([, name]) => name)
      : [];
  const since =
    health && health !== 'unreached' && health.since ? ` since ${formatInstant(health.since, zone, 'clock')}` : '';
  const [words, tone, says] =
    health === null
      ? ['Looking', 'var(--color-v-pending)', 'Asking the server how it is.']
      : health === 'unreached'
        ? ['Not reached', 'var(--color-v-tampered)', 'The server does not answer. What was acknowledged is stored.']
        : health.status === 'ok'
          ? [
              'All stored',
              'var(--color-v-verified)',
              `Evidence, metadata, search and checking all work. Version ${health.version}.`,
            ]
          : health.stuck > 0 && health.writing === 'ok' && ailing.length === 0
            ? [
                `${formatNoun(health.stuck, 'job')} stuck`,
                'var(--color-v-warnings)',
                `${sentence(health.cause)}. What was acknowledged is stored; not all of it is checked, searched or signed.`,
              ]
            : [
                `${health.status === 'down' ? 'Down' : 'Degraded'}${since}`,
                health.status === 'down' ? 'var(--color-v-tampered)' : 'var(--color-v-warnings)',
                `${ailing.length > 0 ? `Not working: ${ailing.join(', ')}` : sentence(health.cause)}. What was acknowledged is stored.`,
              ];
  return (
    <Tip says={says} side="bottom">
      <button
        type="button"
        className="flex h-8 items-center gap-2 rounded-md px-2 text-xs text-muted hover:bg-hover"
        aria-label={`Ingest: ${words}. ${says}`}
      >
        <span aria-hidden className="size-2 rounded-full" style={{ background: tone }} />
        <span className="hidden whitespace-nowrap sm:inline" aria-live="polite">
          {words}
        </span>
      </button>
    </Tip>
  );
}

function sentence(cause: string | null): string {
  return cause ? `${cause.charAt(0).toUpperCase()}${cause.slice(1)}` : 'Something does not work';
}
