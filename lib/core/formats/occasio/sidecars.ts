import type { DeclaredSidecars } from '../../sidecars/declared';
import { observeOccasioAttestations } from './attestation';
import { isOccasioAttestation } from './attested';

const KIND = 'occasio-attestation';

export const occasioSidecars: DeclaredSidecars<typeof KIND> = {
  // As Occasio calls what it writes of a run; other tools call theirs so too.
  kinds: [
    {
      kind: KIND,
      label: 'attestation of a run',
      names: /\.(sigstore|occasio)\.json$/i,
      isOne: isOccasioAttestation,
      speaksOf: 'only-log',
      isBundle: true,
    },
  ],
  files: 'the signed attestation of a run, as occasio attest --sign writes it (attestation.sigstore.json)',
  action: 'Add an attestation …',
  usesRoots: true,
  observe(tools, sidecars) {
    const attestations = sidecars.filter(({ kind }) => kind === KIND);
    return attestations.length > 0 ? [observeOccasioAttestations(tools, attestations)] : [];
  },
};
