import type { Attestation } from '@/lib/schemas/attestations';
import type { AttestationRequest } from '@/lib/schemas/attestation-requests';
import { formatCount } from '../format/number';

/** What of a chain an attestation covers, in few words. */
export function scopeWords(scope: Attestation['scope'] | AttestationRequest['scope']): string {
  switch (scope.kind) {
    case 'chain':
      return 'whole chain';
    case 'range':
      return scope.first === scope.last ? `record ${formatCount(scope.first)}` : `records ${formatCount(scope.first)} to ${formatCount(scope.last)}`;
    case 'session':
      return `session ${scope.session}`;
    case 'run':
      return `run ${scope.run}`;
    case 'period':
      return `${scope.from.slice(0, 10)} to ${scope.to.slice(0, 10)}`;
  }
}

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
