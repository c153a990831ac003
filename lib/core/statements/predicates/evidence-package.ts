import * as z from 'zod';
import { VERDICTS } from '../../chain/verdict';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { definePredicate } from './predicate';

export const EVIDENCE_PACKAGE_TYPE = 'https://sealtrail.dev/attestation/evidence-package/v1';

/** The file that lists all others, and the one that holds the signature over it. */
export const MANIFEST = 'MANIFEST.sha256';
export const MANIFEST_BUNDLE = `${MANIFEST}.sigstore.json`;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What lies in an evidence package. Specified in `evidence-package.md`. */
export const EvidencePackage = z.object({
  package: z.object({ id: z.string(), about: z.string() }),
  tool: z.object({ name: z.string(), version: z.string() }),
  files: z.number().int().min(1),
  sizeBytes: z.number().int().min(0),
  chains: z.array(z.object({ name: z.string(), id: z.string(), verdict: z.enum(VERDICTS) })),
  attestations: z.array(z.object({ id: z.string(), bundle: z.object({ sha256: Sha256 }) })).min(1),
  createdAt: z.iso.datetime(),
});
export type EvidencePackage = z.infer<typeof EvidencePackage>;

/** The statement over a package's manifest, its one subject. @throws ZodError when the input breaks the predicate's schema. */
export function buildPackageStatement(manifestSha256: string, input: EvidencePackage): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: MANIFEST, digest: { sha256: Sha256.parse(manifestSha256) } }],
    predicateType: EVIDENCE_PACKAGE_TYPE,
    predicate: EvidencePackage.parse(input),
  };
}

export const evidencePackage = definePredicate({
  type: EVIDENCE_PACKAGE_TYPE,
  label: 'Evidence package',
  schema: EvidencePackage,
  madeAt: 'createdAt',
  build: buildPackageStatement,
  describe: ({ package: { about }, files, attestations }) =>
    `${files} files and ${attestations.length} ${attestations.length === 1 ? 'attestation' : 'attestations'}: ${about}`,
});
