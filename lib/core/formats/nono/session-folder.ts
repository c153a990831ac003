import * as z from 'zod';
import { parseJson } from '../../bytes/json-text';
import type { Place } from '../../chain/check';
import type { Hasher } from '../../chain/format';
import type { ProblemList } from '../../chain/problem-list';
import { checkLedger } from './ledger';
import { InclusionProof, createMerkleTree, provesInclusion } from './merkle';
import { NonoSession, sessionDigest } from './session';
import {
  type CheckedSidecar,
  type SidecarTools,
  type WalkedLog,
  type Observer,
  type Sidecar,
  type SignatureKey,
  behind,
  nameOf,
} from '../../sidecars/sidecar';
import { figure, many } from '../../text/words';
import { checkNonoAttestation } from './attestation';

const Proofs = z.lazy(() => z.union([z.array(InclusionProof).min(1), InclusionProof.transform((proof) => [proof])]));
const DIGEST = /^[0-9a-f]{64}$/;

/** What the log showed where something beside it speaks of it. Counts are of records from the start. */
type Seen = {
  heads: Map<number, { hash: string | null; place: Place }>;
  roots: Map<number, string>;
  /** By the number of the event, from 0. */
  leaves: Map<number, { hash: string; place: Place }>;
  /** As many as the highest number says, whether they are all there or not. */
  events: number;
  lackingText: number;
};

type Folder = {
  session: { file: string; text: string; read: NonoSession } | null;
  found: ProblemList;
  chain: WalkedLog;
  seen: Seen;
  tools: SidecarTools;
  keys: readonly SignatureKey[];
};

/** nono's session folder: session file, ledger of sessions, attestation and inclusion proofs, each compared with the log and each other. */
export function observeNonoSession(
  tools: SidecarTools,
  sidecars: readonly Sidecar[],
  keys: readonly SignatureKey[],
): Observer {
  const of = (kind: Sidecar['kind']) => sidecars.filter((sidecar) => sidecar.kind === kind);
  const sessions = of('nono-session').map(({ file, text }) => ({
    file,
    text,
    read: NonoSession.safeParse(parseJson(text)).data ?? null,
  }));
  const proofs = of('nono-proofs').map(({ file, text }) => ({
    file,
    list: Proofs.safeParse(parseJson(text)).data ?? null,
  }));
  const counts = new Set([
    ...sessions.map(({ read }) => read?.audit_integrity?.event_count ?? 0),
    ...proofs.flatMap(({ list }) => list?.map((proof) => proof.leaf_count) ?? []),
  ]);
  const indexes = new Set(proofs.flatMap(({ list }) => list?.map((proof) => proof.leaf_index) ?? []));
  const tree = createMerkleTree(tools.hasher);
  const seen: Seen = { heads: new Map(), roots: new Map(), leaves: new Map(), events: 0, lackingText: 0 };
  let whole = true;
  if (counts.has(0)) seen.roots.set(0, tree.root());

  return {
    see({ place, hash, sequence, fields }) {
      const leaf = typeof fields.leaf_hash === 'string' ? fields.leaf_hash.toLowerCase() : '';
      if (typeof fields.event_json !== 'string') seen.lackingText += 1;
      whole &&= DIGEST.test(leaf) && sequence === place.record;
      if (whole) tree.add(leaf);
      seen.events = Math.max(seen.events, (sequence ?? -1) + 1);
      if (sequence !== null && indexes.has(sequence)) seen.leaves.set(sequence, { hash: leaf, place });
      const count = place.record + 1;
      if (!counts.has(count)) return;
      seen.heads.set(count, { hash, place });
      if (whole) seen.roots.set(count, tree.root());
    },
    end(chain, found) {
      const unreadable = (kind: CheckedSidecar['kind'], file: string): CheckedSidecar => {
        found.add('unreadable-evidence', behind(chain), {
          found: file,
          message: `${nameOf(file)} cannot be read as nono writes it: it was damaged, or is another tool’s file.`,
        });
        return { kind, file, holds: false, message: 'It cannot be read as nono writes it.', facts: {} };
      };
      const latest = sessions.findLast(({ read }) => read?.audit_integrity) ?? sessions.findLast(({ read }) => read);
      const session = latest?.read ? { ...latest, read: latest.read } : null;
      const folder: Folder = { session, found, chain, seen, tools, keys };
      return [
        ...sessions.map(({ file, read }) =>
          read ? verifySession(file, read, folder) : unreadable('nono-session', file),
        ),
        ...of('nono-ledger').map(({ file, text }) => verifyLedger(file, text, folder)),
        ...missingAttestation(session?.read ?? null, of('nono-attestation').length),
        ...of('nono-attestation').map(({ file, text }) => verifyAttestation(file, text, folder)),
        ...proofs.map(({ file, list }) => (list ? verifyProofs(file, list, folder) : unreadable('nono-proofs', file))),
      ];
    },
  };
}

function verifySession(
  file: string,
  { audit_integrity: integrity, session_id: sessionId, ended }: NonoSession,
  { found, chain, seen }: Folder,
): CheckedSidecar {
  const facts: CheckedSidecar['facts'] = {
    sessionId,
    eventCount: integrity?.event_count ?? null,
    chainHead: integrity?.chain_head ?? null,
    merkleRoot: integrity?.merkle_root ?? null,
    recordsWithoutEventJson: seen.lackingText,
  };
  const checkedSidecar = (holds: boolean | null, message: string): CheckedSidecar => ({
    kind: 'nono-session',
    file,
    holds,
    message,
    facts,
  });
  if (!integrity)
    return checkedSidecar(
      null,
      ended
        ? 'It states no head of the log, so it proves nothing of it.'
        : 'It states no head of the log yet: the session had not ended when it was written.',
    );
  const { event_count: count, chain_head: head, merkle_root: root } = integrity;
  const at = seen.heads.get(count);
  if (chain.records < count) return checkedSidecar(false, missingEvents(file, integrity, { found, chain, seen }));
  if (count > 0 && at?.hash !== head) {
    found.add('session-mismatch', at?.place ?? behind(chain), {
      expected: head,
      found: at?.hash ?? null,
      message: `${nameOf(file)} vouches for another head of the log than event ${count - 1} has: the log was written anew after the session was closed, or the file belongs to another session.`,
    });
    return checkedSidecar(false, `It vouches for another head than event ${figure(count - 1)} of the log has.`);
  }
  const rootFound = seen.roots.get(count) ?? null;
  if (rootFound !== root) {
    found.add('merkle-mismatch', behind(chain), {
      expected: root,
      found: rootFound,
      message: `The Merkle root ${nameOf(file)} states is not that of the ${many(count, 'event')} of the log, although the head is: ${nameOf(file)} was changed, or the hashes stored for the events were.`,
    });
    return checkedSidecar(false, 'The head of the log agrees, its Merkle root does not.');
  }
  if (chain.records > count) {
    const more = chain.records - count;
    found.add('session-mismatch', behind(chain), {
      expected: String(count),
      found: String(chain.records),
      message: `${nameOf(file)} vouches for ${many(count, 'event')}; ${figure(more)} more ${more === 1 ? 'follows' : 'follow'} them in the log: appended after the session was closed.`,
    });
    return checkedSidecar(
      false,
      `It vouches for the first ${many(count, 'event')}; ${figure(more)} more ${more === 1 ? 'was' : 'were'} appended.`,
    );
  }
  return checkedSidecar(true, `${many(count, 'event')}, head and Merkle root agree.`);
}

/** What is to be said of a log of fewer events than its session file states. */
function missingEvents(
  file: string,
  { event_count: count, chain_head: head }: NonNullable<NonoSession['audit_integrity']>,
  { found, chain, seen }: Pick<Folder, 'found' | 'chain' | 'seen'>,
): string {
  if (chain.head !== head) {
    found.add('shorter-than-witnessed', behind(chain), {
      expected: head,
      found: chain.head,
      message: `${nameOf(file)} vouches for ${many(count, 'event')} and the log holds ${figure(chain.records)}: its end was cut off after the session was closed.`,
    });
    return `It vouches for ${many(count, 'event')}; the log holds ${figure(chain.records)}.`;
  }
  // What lies between is told where it is missing.
  if (seen.events >= count)
    return `The log ends in the head it states, but ${figure(chain.records)} of its ${many(count, 'event')} can be read.`;
  found.add('session-mismatch', behind(chain), {
    expected: String(count),
    found: String(seen.events),
    message: `${nameOf(file)} states the head of the log rightly and counts ${many(count, 'event')} up to it, where there are ${figure(seen.events)}: ${nameOf(file)} was changed.`,
  });
  return `It counts ${many(count, 'event')} up to the head it states; there are ${figure(seen.events)}.`;
}

function verifyLedger(file: string, text: string, { session, found, chain, tools }: Folder): CheckedSidecar {
  const { problem, rows, head, sessions } = checkLedger(tools.hasher, text);
  const digest = session && sessionDigest(tools.hasher, session.text);
  const entered = session ? sessions.get(session.read.session_id) : undefined;
  const facts: CheckedSidecar['facts'] = {
    rows,
    head,
    sessionFound: entered !== undefined,
    sessionDigest: digest,
    row: entered?.row ?? null,
  };
  const checkedSidecar = (holds: boolean | null, message: string): CheckedSidecar => ({
    kind: 'nono-ledger',
    file,
    holds,
    message,
    facts,
  });
  if (problem) {
    found.add('ledger-mismatch', behind(chain), {
      found: `line ${problem.line}`,
      message: `${nameOf(file)}, line ${problem.line}: ${problem.message}. The ledger no longer proves which sessions there were.`,
    });
    return checkedSidecar(false, `Line ${figure(problem.line)}: ${problem.message}.`);
  }
  const held = `Its ${many(rows, 'row')} follow one another`;
  if (!session)
    return checkedSidecar(null, `${held}; without a session file nothing says which of them is this log’s.`);
  if (!entered) {
    if (!session.read.ended) return checkedSidecar(null, `${held}; this session had not ended and has none yet.`);
    found.add('ledger-mismatch', behind(chain), {
      expected: digest,
      message: `${nameOf(file)} has no row for session ${session.read.session_id}, which has ended: the row was removed with those after it, or the ledger is an older copy.`,
    });
    return checkedSidecar(false, `${held}; none is for this session, which has ended.`);
  }
  if (entered.digest !== digest) {
    found.add('ledger-mismatch', behind(chain), {
      expected: entered.digest,
      found: digest,
      message: `${nameOf(file)} holds another digest of ${nameOf(session.file)} than it has: the session file was changed after its digest was entered.`,
    });
    return checkedSidecar(false, `Row ${figure(entered.row)} holds another digest than ${nameOf(session.file)} has.`);
  }
  return checkedSidecar(
    true,
    `Row ${figure(entered.row)} of ${figure(rows)} holds the digest of ${nameOf(session.file)}, and the rows follow one another.`,
  );
}

/** A session that was attested, and whose attestation is not here: nothing is disproven, and it is not passed over. */
function missingAttestation(session: NonoSession | null, present: number): CheckedSidecar[] {
  const named = session?.audit_attestation;
  if (!named || present > 0) return [];
  return [
    {
      kind: 'nono-attestation',
      file: named.bundle_filename,
      holds: null,
      message: 'The session file names this attestation, and it is not here: it was left out, or removed.',
      facts: { keyId: named.key_id },
    },
  ];
}

function verifyAttestation(file: string, text: string, { session, found, chain, tools, keys }: Folder): CheckedSidecar {
  if (!session)
    return {
      kind: 'nono-attestation',
      file,
      holds: null,
      message: 'Without a session file nothing says what it must attest.',
      facts: {},
    };
  const { problem, message, facts, holds } = checkNonoAttestation(
    tools,
    text,
    session.read,
    keys.filter(({ algorithm }) => algorithm === 'ECDSA P-256'),
  );
  if (problem)
    found.add(problem.code, behind(chain), {
      expected: problem.expected,
      found: problem.found,
      message: `${nameOf(file)}: ${message}`,
    });
  return { kind: 'nono-attestation', file, holds, message, facts };
}

function verifyProofs(
  file: string,
  proofs: readonly InclusionProof[],
  { found, chain, seen, tools: { hasher } }: Folder,
): CheckedSidecar {
  const checkedSidecar = (holds: boolean | null, message: string): CheckedSidecar => ({
    kind: 'nono-proofs',
    file,
    holds,
    message,
    facts: { proofs: proofs.length },
  });
  for (const proof of proofs) {
    const fault = faultOf(hasher, proof, seen);
    if (!fault) continue;
    const leaf = seen.leaves.get(proof.leaf_index);
    found.add('merkle-mismatch', leaf?.place ?? behind(chain), {
      expected: fault.expected,
      found: fault.found,
      message: `${nameOf(file)} holds no proof of event ${proof.leaf_index}: ${fault.message}.`,
    });
    return checkedSidecar(false, `The proof of event ${figure(proof.leaf_index)} does not hold: ${fault.message}.`);
  }
  const longest = proofs.toSorted((one, other) => other.leaf_count - one.leaf_count)[0];
  if (longest && seen.events < longest.leaf_count) {
    found.add('shorter-than-witnessed', behind(chain), {
      expected: longest.merkle_root,
      message: `${nameOf(file)} proves events of a log of ${many(longest.leaf_count, 'event')}; it holds ${figure(seen.events)} now: its end was cut off.`,
    });
    return checkedSidecar(
      false,
      `It proves events of a log of ${many(longest.leaf_count, 'event')}, which now holds ${figure(seen.events)}.`,
    );
  }
  if (proofs.some(({ leaf_count: count }) => !seen.roots.has(count)))
    return checkedSidecar(
      null,
      'The proofs hold by themselves; their root cannot be compared, as events are missing in between.',
    );
  return checkedSidecar(
    true,
    `${many(proofs.length, 'inclusion proof')} ${proofs.length === 1 ? 'holds' : 'hold'} for events of the log.`,
  );
}

/** What does not fit between a proof and what of the log can be read. */
function faultOf(
  hasher: Hasher,
  proof: InclusionProof,
  { leaves, roots }: Seen,
): { message: string; expected: string; found: string | null } | null {
  if (!provesInclusion(hasher, proof))
    return { message: 'the nodes it names do not lead to its root', expected: proof.merkle_root, found: null };
  const leaf = leaves.get(proof.leaf_index)?.hash ?? proof.leaf_hash;
  if (leaf !== proof.leaf_hash)
    return { message: 'the event has another hash in the log', expected: proof.leaf_hash, found: leaf };
  const root = roots.get(proof.leaf_count) ?? proof.merkle_root;
  return root === proof.merkle_root
    ? null
    : {
        message: `its root is not that of the first ${many(proof.leaf_count, 'event')} of the log`,
        expected: proof.merkle_root,
        found: root,
      };
}
