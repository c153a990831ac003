// Written from known.ts by its test, as CONTRIBUTING.md says.
import type * as known from './known';

export const KNOWN_FORMATS: (typeof known)['KNOWN_FORMATS'] = [
  {
    id: 'occasio',
    label: 'Occasio',
    verifierName: 'Occasio’s own verifier',
    sidecarFiles: 'the signed attestation of a run, as occasio attest --sign writes it (attestation.sigstore.json)',
    sidecarAction: 'Add an attestation …',
    wholeArchive: null,
    signs: null,
  },
  {
    id: 'arbiter',
    label: 'Arbiter',
    verifierName: 'A verifier as Arbiter’s documentation describes it',
    sidecarFiles: null,
    sidecarAction: 'Add a file …',
    wholeArchive: null,
    signs: null,
  },
  {
    id: 'nono',
    label: 'nono',
    verifierName: 'nono’s own verifier',
    sidecarFiles: 'session.json, ledger.ndjson, audit-attestation.bundle or inclusion proofs',
    sidecarAction: 'Add session.json, ledger, attestation …',
    wholeArchive: {
      title: 'Send a session when it has ended',
      text: 'The folder of the session with the ledger above it, as an archive. Session file, attestation and ledger are compared with the log, and show an end that was cut off before it came here.',
      pack: 'tar cz -C ~/.local/state/nono/audit "$SESSION_ID" ledger.ndjson',
    },
    signs: { each: 'session', algorithm: 'ECDSA P-256' },
  },
  {
    id: 'agentfence',
    label: 'AgentFence',
    verifierName: 'AgentFence’s own verifier',
    sidecarFiles: 'an anchor, as agentfence audit anchor writes it',
    sidecarAction: 'Add an anchor …',
    wholeArchive: {
      title: 'Send a rotated log as a whole',
      text: 'The log with the files that were put aside, as an archive. They are joined in order; an anchor with them is compared with the log.',
      pack: 'tar cz audit.jsonl*',
    },
    signs: { each: 'record', algorithm: 'Ed25519' },
  },
  {
    id: 'vouch',
    label: 'vouch',
    verifierName: 'vouch’s own verifier',
    sidecarFiles: null,
    sidecarAction: 'Add a file …',
    wholeArchive: null,
    signs: null,
  },
  {
    id: 'sealtrail-activity',
    label: 'Sealtrail activity',
    verifierName: null,
    sidecarFiles: null,
    sidecarAction: 'Add a file …',
    wholeArchive: null,
    signs: null,
  },
];
export const KNOWN_SIDECARS: (typeof known)['KNOWN_SIDECARS'] = [
  { kind: 'occasio-attestation', label: 'attestation of a run' },
  { kind: 'nono-attestation', label: 'attestation of the session' },
  { kind: 'nono-proofs', label: 'inclusion proofs' },
  { kind: 'nono-session', label: 'session file' },
  { kind: 'nono-ledger', label: 'ledger of sessions' },
  { kind: 'agentfence-anchor', label: 'anchor' },
];
export const KNOWN_COMPANIONS: (typeof known)['KNOWN_COMPANIONS'] = [
  { id: 'vsa', label: 'verification summary (SLSA VSA)' },
  { id: 'svr', label: 'verification result (in-toto SVR)' },
  { id: 'test-result', label: 'rule run (in-toto Test Result)' },
  { id: 'agent-attestation', label: 'Occasio agent attestation for each run' },
];
