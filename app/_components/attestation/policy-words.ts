import { KNOWN_COMPANIONS } from '#known';
import type { AttestationPolicy } from '@/lib/schemas/attestation-requests';
import { formatCount, formatNoun } from '../format/number';

/** A policy in a sentence or two. */
export function policyWords({
  onClose,
  onSeal,
  everyRecords,
  everyMinutes,
  predicates,
  alertAfterMinutes,
}: AttestationPolicy): string {
  const when = [
    ...(onClose ? ['whenever a segment is closed or an upload changes the chain'] : []),
    ...(everyRecords === null ? [] : [`after every ${formatCount(everyRecords)} records`]),
    ...(everyMinutes === null ? [] : [`when a record has waited ${formatNoun(everyMinutes, 'minute')}`]),
    ...(onSeal ? ['when the chain is sealed'] : []),
  ];
  const signed = when.length === 0 ? 'Attested only on request.' : `Attested ${joined(when)}.`;
  const also =
    predicates.length === 0
      ? ''
      : ` Also stated as ${joined(KNOWN_COMPANIONS.filter(({ id }) => predicates.includes(id)).map(({ label }) => label))}.`;
  return `${signed}${also}${alertAfterMinutes === null ? '' : `An alert is shown when a record is not signed after ${formatNoun(alertAfterMinutes, 'minute')}.`}`;
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
