import { parseJson } from '../../bytes/json-text';
import type { JsonObject } from '../read-line';
import { canonicalJson } from '../../statements/dsse';
import {
  AgentAttestation,
  buildAgentAttestation,
  keptForAttestation,
} from '../../statements/predicates/agent-attestation';
import type { BundleCheck } from '../../statements/verify-bundle';
import type { ProblemList } from '../../chain/problem-list';
import {
  type CheckedSidecar,
  type SidecarTools,
  type Observer,
  type Sidecar,
  type WalkedLog,
  behind,
  nameOf,
} from '../../sidecars/sidecar';
import { figure, many } from '../../text/words';
import { bundleIn, predicateIn } from './attested';

type Watched = {
  file: string;
  bundle: unknown;
  predicate: AgentAttestation | null;
  records: JsonObject[];
  firstAt: number | null;
  lastAt: number | null;
};

/**
 * Holds bundles that Occasio made of runs against the log the runs are in: signature, and what the statement says of the records. One
 * signed by nobody who is known proves nothing, and disproves nothing.
 */
export function observeOccasioAttestations({ bundles }: SidecarTools, sidecars: readonly Sidecar[]): Observer {
  const watched = sidecars.map(({ file, text }): Watched => {
    const bundle = bundleIn(parseJson(text));
    return { file, bundle, predicate: predicateIn(bundle), records: [], firstAt: null, lastAt: null };
  });
  return {
    see({ place, hash, fields }) {
      for (const watch of watched) {
        const { predicate } = watch;
        if (!predicate) continue;
        if (hash !== null && hash === predicate.audit_chain.first_hash) watch.firstAt ??= place.record;
        // What a run recorded after it was attested is not of the attestation.
        if (fields.run_id === predicate.subject.run_id && watch.lastAt === null)
          watch.records.push(keptForAttestation(fields));
        if (hash !== null && hash === predicate.audit_chain.last_hash) watch.lastAt ??= place.record;
      }
    },
    end: (chain, found) => watched.map((watch) => verifyAttestation(watch, bundles, chain, found)),
  };
}

function verifyAttestation(
  { file, bundle, predicate, records, firstAt, lastAt }: Watched,
  bundles: SidecarTools['bundles'],
  chain: WalkedLog,
  found: ProblemList,
): CheckedSidecar {
  const checkedSidecar = (
    holds: boolean | null,
    message: string,
    facts: CheckedSidecar['facts'] = {},
  ): CheckedSidecar => ({
    kind: 'occasio-attestation',
    file,
    holds,
    message,
    facts,
  });
  if (!predicate) {
    found.add('unreadable-evidence', behind(chain), {
      found: file,
      message: `${nameOf(file)} is no attestation as Occasio makes them: it was damaged, or is another file.`,
    });
    return checkedSidecar(false, 'It is no attestation as Occasio makes them.');
  }
  const { audit_chain: stated, subject } = predicate;
  const of = `Occasio’s attestation of run ${subject.run_id}`;
  const { check, isForged } = checkSignature(bundle, bundles);
  const facts = {
    run: subject.run_id,
    events: stated.event_count,
    signedBy: check?.signedBy?.kind === 'certificate' ? check.signedBy.subject : null,
  };
  if (isForged) {
    found.add('bad-signature', behind(chain), {
      found: file,
      message: `The signature of the attestation of run ${subject.run_id} does not hold: the attestation was changed after it was signed.`,
    });
    return checkedSidecar(false, `${of}: its signature does not hold, so it was changed after it was signed.`, facts);
  }
  const differs = differenceOf(predicate, records, firstAt, lastAt);
  const signature = check
    ? `signed by ${facts.signedBy ?? 'a certificate'}`
    : 'its signature could not be checked, as its certificate is by no authority known here';
  if (!check)
    return checkedSidecar(
      null,
      `${of} ${differs ? `does not fit: ${differs.message}` : 'fits the records'}; ${signature}.`,
      facts,
    );
  if (differs) {
    found.add(differs.code, behind(chain), {
      expected: differs.expected,
      found: differs.found,
      message: `The attestation of run ${subject.run_id}, which ${facts.signedBy ?? 'a known authority'} signed, says otherwise: ${differs.message}.`,
    });
    return checkedSidecar(false, `${of}, ${signature}, does not fit: ${differs.message}.`, facts);
  }
  return checkedSidecar(
    true,
    `${of} fits ${many(stated.event_count, 'record')}, ${figure(firstAt ?? 0)} to ${figure(lastAt ?? 0)}; ${signature}.`,
    facts,
  );
}

/** The check that names a signer we know; forged when the certificate is known and the signature by it does not hold. */
function checkSignature(
  bundle: unknown,
  bundles: SidecarTools['bundles'],
): { check: BundleCheck | null; isForged: boolean } {
  const checks = (bundles?.trustedRoots ?? []).flatMap(
    (trustedRoot) =>
      bundles?.verify(bundle, {
        trust: { keys: [], trustedRoot, identities: [], require: { logEntries: 0, timestamps: 0 } },
      }) ?? [],
  );
  const good = checks.find(({ ok }) => ok) ?? null;
  const isForged =
    !good &&
    checks.some(
      ({ steps }) =>
        steps.some(({ step, status }) => step === 'certificate' && status === 'passed') &&
        steps.some(({ step, status }) => step === 'signature' && status === 'failed'),
    );
  return { check: good, isForged };
}

type Difference = {
  code: 'shorter-than-witnessed' | 'history-rewritten' | 'session-mismatch';
  message: string;
  expected: string | null;
  found: string | null;
};

/** What the statement says and the records do not: what an Occasio verifier would look for, in its order. */
function differenceOf(
  predicate: AgentAttestation,
  records: readonly JsonObject[],
  firstAt: number | null,
  lastAt: number | null,
): Difference | null {
  const { audit_chain: stated, subject, execution_summary: summary } = predicate;
  if (firstAt === null)
    return {
      code: 'history-rewritten',
      message: 'the first record it names is not in the log',
      expected: stated.first_hash,
      found: null,
    };
  if (lastAt === null)
    return {
      code: 'shorter-than-witnessed',
      message: 'the last record it names is not in the log',
      expected: stated.last_hash,
      found: null,
    };
  if (lastAt < firstAt)
    return {
      code: 'history-rewritten',
      message: 'the last record it names comes before the first',
      expected: null,
      found: null,
    };
  if (records.length !== stated.event_count)
    return {
      code: 'session-mismatch',
      message: `it counts ${many(stated.event_count, 'record')}, and the run has ${figure(records.length)} up to there`,
      expected: String(stated.event_count),
      found: String(records.length),
    };
  const anew = AgentAttestation.parse(
    buildAgentAttestation(
      { run: subject.run_id, records, chainFile: stated.chain_file, generatedAt: predicate.generated_at ?? '' },
      [],
    ).predicate,
  );
  const counted = canonicalJson({ ...summary, blocked_events: summary.blocked_events.length });
  const countedAnew = canonicalJson({
    ...anew.execution_summary,
    blocked_events: anew.execution_summary.blocked_events.length,
  });
  if (counted !== countedAnew)
    return {
      code: 'session-mismatch',
      message: 'it sums up the run otherwise than its records do',
      expected: counted,
      found: countedAnew,
    };
  const [state, stateAnew] = [subject.git_state, anew.subject.git_state].map((git) => canonicalJson(git ?? null));
  if (subject.git_state && state !== stateAnew)
    return {
      code: 'session-mismatch',
      message: 'it binds another state of the repository than the run recorded',
      expected: state ?? null,
      found: stateAnew ?? null,
    };
  return null;
}
