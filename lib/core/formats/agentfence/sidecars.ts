import type { DeclaredSidecars } from '../../sidecars/declared';
import { Anchor } from './anchor';
import { observeAnchors } from './anchors';
import { observeSignatures } from './signatures';

const KIND = 'agentfence-anchor';

/** Anchors, and the signatures in the records themselves. */
export const agentFenceSidecars: DeclaredSidecars<typeof KIND> = {
  // `audit.anchor.json`, `audit.jsonl.anchor.json` and `audit-anchor-2.json` are named after `audit.jsonl`.
  kinds: [
    {
      kind: KIND,
      label: 'anchor',
      names: /[.\-_]?anchor[^/]*\.json$/i,
      isOne: (json) => Anchor.safeParse(json).success,
      speaksOf: 'log-it-is-named-after',
      tellsFormat: true,
      isNamed: true,
      isSigned: true,
    },
  ],
  files: 'an anchor, as agentfence audit anchor writes it',
  action: 'Add an anchor …',
  signs: { algorithm: 'Ed25519', each: 'record', in: 'records' },
  whole: {
    title: 'Send a rotated log as a whole',
    text: 'The log with the files that were put aside, as an archive. They are joined in order; an anchor with them is compared with the log.',
    pack: 'tar cz audit.jsonl*',
  },
  observe({ hasher }, sidecars, keys) {
    const signers = keys.filter(({ algorithm }) => algorithm === 'Ed25519');
    const anchors = sidecars.filter(({ kind }) => kind === KIND);
    return [
      ...(anchors.length > 0 ? [observeAnchors(hasher, anchors, signers)] : []),
      ...(signers.length > 0 ? [observeSignatures(signers)] : []),
    ];
  },
};
