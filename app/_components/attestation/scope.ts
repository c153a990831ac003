import type { Attestation } from '@/lib/schemas/attestations';
import type { AttestationRequest } from '@/lib/schemas/attestation-requests';
import { formatCount } from '../format/number';

/** What of a chain an attestation covers, in few words. */
export function scopeWords(scope: Attestation['scope'] | AttestationRequest['scope']): string {
  switch (scope.kind) {
    case 'chain':
      return 'whole chain';
    case 'range':
      return scope.first === scope.last
        ? `record ${formatCount(scope.first)}`
        : `records ${formatCount(scope.first)} to ${formatCount(scope.last)}`;
    case 'session':
      return `session ${scope.session}`;
    case 'run':
      return `run ${scope.run}`;
    case 'period':
      return periodWords(scope);
  }
}

const MIDNIGHT = /T00:00:00(\.0+)?Z$/;
const DAY_MS = 86_400_000;

/** A half-open period as people say it: whole days by the first and the last of them, any other by its instants. */
export function periodWords({ from, to }: { from: string; to: string }): string {
  if (!MIDNIGHT.test(from) || !MIDNIGHT.test(to)) return `${instant(from)} until ${instant(to)} UTC`;
  const last = new Date(Date.parse(to) - DAY_MS).toISOString().slice(0, 10);
  return from.startsWith(last) ? last : `${from.slice(0, 10)} to ${last}`;
}

const instant = (at: string) => at.replace('T', ' ').replace(/(\.0+)?Z$/, '');

const CAUSES: Record<AttestationRequest['cause'], string> = {
  close: 'policy: on every change',
  records: 'policy: so many records',
  minutes: 'policy: so much time',
  seal: 'policy: the chain was sealed',
  demand: 'asked for',
};
export function causeWords({ cause, requestedBy }: Pick<AttestationRequest, 'cause' | 'requestedBy'>): string {
  return cause === 'demand' ? `asked for by ${requestedBy}` : CAUSES[cause];
}
