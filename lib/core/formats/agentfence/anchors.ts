import { parseJson } from '../../bytes/json-text';
import type { Place } from '../../chain/check';
import type { Hasher } from '../../chain/format';
import type { ProblemList } from '../../chain/problem-list';
import { Anchor, checkAnchorSignature } from './anchor';
import {
  type CheckedSidecar,
  type WalkedLog,
  type Observer,
  type Sidecar,
  type SignatureKey,
  behind,
  nameOf,
} from '../../sidecars/sidecar';
import { figure, many } from '../../text/words';

type Watched = {
  file: string;
  anchor: Anchor | null;
  agreesAt: number | null;
  /** Another event under the anchored number. */
  rival: { place: Place; hash: string | null } | null;
};

/** Anchors, heads of an AgentFence log that were kept elsewhere: the log must still hold the event each names. It may have grown since. */
export function observeAnchors(hasher: Hasher, sidecars: readonly Sidecar[], keys: readonly SignatureKey[]): Observer {
  const watched = sidecars.map(
    ({ file, text }): Watched => ({
      file,
      anchor: Anchor.safeParse(parseJson(text)).data ?? null,
      agreesAt: null,
      rival: null,
    }),
  );
  return {
    see({ place, hash, sequence, fields }) {
      for (const watch of watched) {
        const { anchor } = watch;
        if (
          !anchor ||
          sequence !== anchor.last_seq ||
          (anchor.session_id !== '' && fields.session_id !== anchor.session_id)
        )
          continue;
        if (hash === anchor.last_hash) watch.agreesAt ??= place.record;
        // Of an anchor over several processes the number alone does not say whose event it is; its place does.
        else if (anchor.session_id !== '' || place.record === anchor.event_count - 1) watch.rival ??= { place, hash };
      }
    },
    end: (chain, found) => watched.map((watch) => verifyAnchor(hasher, watch, keys, chain, found)),
  };
}

function verifyAnchor(
  hasher: Hasher,
  { file, anchor, agreesAt, rival }: Watched,
  keys: readonly SignatureKey[],
  chain: WalkedLog,
  found: ProblemList,
): CheckedSidecar {
  const checkedSidecar = (holds: boolean, message: string, facts: CheckedSidecar['facts'] = {}): CheckedSidecar => ({
    kind: 'agentfence-anchor',
    file,
    holds,
    message,
    facts,
  });
  if (!anchor) {
    found.add('unreadable-evidence', behind(chain), {
      found: file,
      message: `${nameOf(file)} is no anchor as AgentFence writes them: it was damaged, or is another file.`,
    });
    return checkedSidecar(false, 'It is no anchor as AgentFence writes them.');
  }
  const of = `The anchor of ${anchor.timestamp}`;
  const signature = signatureOf(hasher, anchor, keys);
  const facts = {
    timestamp: anchor.timestamp,
    eventCount: anchor.event_count,
    lastSequence: anchor.last_seq,
    lastHash: anchor.last_hash,
    agreesAtRecord: agreesAt,
    signature,
  };
  if (signature === 'bad') {
    found.add('bad-signature', behind(chain), {
      found: file,
      message: `The signature of the anchor of ${anchor.timestamp} is by none of the ${many(keys.length, 'key')} given: the anchor was changed after it was signed, or was signed with another key.`,
    });
    return checkedSidecar(false, `${of}: its signature is by none of the keys given, so it proves nothing.`, facts);
  }
  const signed = {
    verified: ', and its signature holds',
    unsigned: '; it carries no signature',
    'signed-unverified': '; its signature was not checked, as no key was given',
  }[signature];
  if (agreesAt !== null) return checkedSidecar(true, `${of} agrees at record ${figure(agreesAt)}${signed}.`, facts);
  if (rival) {
    found.add('history-rewritten', rival.place, {
      expected: anchor.last_hash,
      found: rival.hash,
      message: `On ${anchor.timestamp} event ${anchor.last_seq} of this log had another hash, says its anchor: the log was rewritten from some record up to this one onwards.`,
    });
    return checkedSidecar(
      false,
      `${of} names another event ${figure(anchor.last_seq)} than record ${figure(rival.place.record)}${signed}.`,
      facts,
    );
  }
  const lost = anchor.event_count - chain.records;
  const what =
    lost > 0
      ? `the log had ${many(anchor.event_count, 'event')} then and has ${figure(chain.records)} now: its end was cut off`
      : 'the end of the log was cut off, or the file that holds it is not here';
  found.add('shorter-than-witnessed', behind(chain), {
    expected: anchor.last_hash,
    message: `Event ${anchor.last_seq}, which an anchor of ${anchor.timestamp} names, is missing: ${what}.`,
  });
  return checkedSidecar(false, `${of} names event ${figure(anchor.last_seq)}, which is missing${signed}.`, facts);
}

function signatureOf(
  hasher: Hasher,
  anchor: Anchor,
  keys: readonly SignatureKey[],
): 'verified' | 'unsigned' | 'signed-unverified' | 'bad' {
  if (anchor.signature === '') return 'unsigned';
  if (keys.length === 0) return 'signed-unverified';
  return keys.some(({ verify }) => checkAnchorSignature(hasher, anchor, verify)) ? 'verified' : 'bad';
}
