import type { Place } from '../../chain/check';
import { signatureState } from './anchor';
import type { Observer, SignatureKey } from '../../sidecars/sidecar';
import { figure, many } from '../../text/words';

/** The signatures events carry, each made over the event's hash, by any of the keys. Events without one are told, as a warning. */
export function observeSignatures(keys: readonly SignatureKey[]): Observer {
  const count = { verified: 0, unsigned: 0, bad: 0 };
  const bad: Place[] = [];
  let firstUnsigned: Place | null = null;
  let likely = keys[0];
  const verify = (message: Uint8Array, signature: Uint8Array): boolean => {
    if (likely?.verify(message, signature)) return true;
    const other = keys.find((key) => key !== likely && key.verify(message, signature));
    if (other) likely = other;
    return other !== undefined;
  };
  return {
    see({ place, hash, fields }) {
      const state = signatureState(
        { hash: hash ?? '', signature: typeof fields.signature === 'string' ? fields.signature : '' },
        verify,
      );
      count[state] += 1;
      if (state === 'unsigned') firstUnsigned ??= place;
      if (state === 'bad' && bad.length < MAX_LISTED) bad.push(place);
    },
    end(_, found) {
      for (const place of bad) {
        found.add('bad-signature', place, {
          message: `The event’s signature over its hash is by none of the ${many(keys.length, 'key')} given: it was signed with another key, or the event was written anew by someone without the key.`,
        });
      }
      found.count('bad-signature', count.bad - bad.length);
      if (firstUnsigned) {
        found.add('unsigned-record', firstUnsigned, {
          found: String(count.unsigned),
          message: `${many(count.unsigned, 'record')} from here on ${count.unsigned === 1 ? 'carries' : 'carry'} no signature: signing was off, or the signatures were removed. Their hashes alone prove them.`,
        });
      }
      const bads = count.bad > 0 ? `, ${figure(count.bad)} ${count.bad === 1 ? 'does' : 'do'} not` : '';
      const none =
        count.unsigned > 0
          ? `; ${many(count.unsigned, 'record')} ${count.unsigned === 1 ? 'carries' : 'carry'} none`
          : '';
      const message = `${many(count.verified, 'signature')} ${count.verified === 1 ? 'holds' : 'hold'}${bads}${none}.`;
      return [
        {
          kind: 'signatures',
          file: keys.map(({ name }) => name).join(', '),
          holds: count.bad === 0 && count.verified > 0,
          message,
          facts: { ...count, keys: keys.map(({ fingerprint }) => fingerprint).join(',') },
        },
      ];
    },
  };
}

/** False signatures that are placed; beyond that they are only counted. */
const MAX_LISTED = 10_000;
