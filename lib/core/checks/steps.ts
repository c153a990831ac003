import { figure, many } from '../text/words';

/** What a step is about where there may be several of its kind. */
export type About = Partial<{
  /** What the signature is checked with. */
  by: 'key' | 'certificate';
  signer: { kind: 'key'; hint: string } | { kind: 'certificate'; subject: string; issuer: string };
  chain: string;
  /** Leaves of a tree. */
  records: number;
  ordinal: number;
  /** What a statement claims, in its own words. */
  claim: string;
  file: string;
}>;

/** Every step of a check, with what holds when it passes. */
export const STEPS = {
  signer: ({ signer }: About) =>
    !signer
      ? 'Who signed it'
      : signer.kind === 'key'
        ? `Signed with the key ${signer.hint}`
        : `Signed by ${signer.subject}, authenticated by ${signer.issuer}`,
  envelope: () => 'The bundle is a signed in-toto statement',
  certificate: () => 'The certificate is by an authority we trust, for an identity we accept',
  signature: ({ by }: About) =>
    by === 'certificate' ? 'The signature is by the key of the certificate' : 'The signature is by a key we trust',
  timestamp: () => 'A timestamp authority saw the signature',
  log: () => 'A transparency log holds the signature',
  statement: () => 'The statement says what its type promises',
  subject: () => 'The statement is about these bytes',
  scope: () => 'The statement names no more than its result is about',
  evidence: () => 'The segments it covers are in evidence',

  proof: () => 'The file is a record proof',
  inclusion: () => 'The record is in the tree with this head',
  checkpoint: () => 'The head is signed as a checkpoint of the chain',
  head: () => 'The signed statement names this head',
  entry: () => 'The bundle is in the transparency log',
  'tlog-proof': () => 'The file is a proof',
  leaf: () => 'What it is about is in the tree',
  'tree-head': () => 'The head of the tree is signed',

  subjects: () => 'It is about bytes that are here',
  namesakes: () => 'A file with the name of a subject has its bytes',
  'all-subjects': () => 'All it names is here',
  'covered-bytes': () => 'These are the bytes it covers',
  'covered-records': () => 'These are the records it covers',
  'covered-part': () => 'Verdict on the part it covers',
  records: ({ chain }: About) => `Records${of(chain)}`,
  'first-hash': () => 'Hash of the first record',
  'last-hash': () => 'Hash of the last record',
  verdict: ({ chain }: About) => `Verdict${of(chain)}`,
  'verdict-on-all': () => 'Verdict on all chains',
  'period-records': ({ chain }: About) => `Records in the period${of(chain)}`,
  'tree-root': ({ records, chain }: About) =>
    `Root of the Merkle tree over ${many(records ?? 0, 'record')}${of(chain)}`,
  format: () => 'Format',
  'records-unchanged': () => 'Each record is as it was written',
  'records-changed': () => 'It reports records that were changed',
  'record-in-log': ({ ordinal }: About) => `The log holds it as record ${figure(ordinal ?? 0)}`,
  claim: ({ claim }: About) => `It says ${claim ?? ''}`,
  rules: () => 'What rules found',

  'tool-log': () => 'The log it covers',
  'tool-subject-hash': () => 'Hash it is about',
  'tool-subject-root': () => 'Merkle root it is about',
  'tool-events': () => 'Events',
  'tool-head': () => 'Head of the log',
  'tool-root': () => 'Merkle root',
  'tool-end': () => 'Nothing follows',
  'run-records': () => 'Records of the run',
  'run-first-hash': () => 'Hash of its first record',
  'run-last-hash': () => 'Hash of its last record',
  'run-tool-calls': () => 'Tool calls',
  'run-blocked': () => 'Of them blocked',

  attested: () => 'Attested by',
  sidecar: ({ file }: About) => file ?? '',
  'files-unchanged': () => 'Every file is as the manifest lists it',
  'files-here': () => 'No file is missing',
  'files-listed': () => 'No file was added',
} as const satisfies Record<string, (about: About) => string>;

export type StepId = keyof typeof STEPS;

function of(chain: string | undefined): string {
  return chain === undefined ? '' : ` of "${chain}"`;
}
