import * as z from 'zod';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** Digests of one artefact by algorithm. Only names of in-toto's DigestSet; BLAKE3 has none. */
const DigestSet = z.lazy(() =>
  z.record(z.string(), z.string().min(1)).refine((digests) => Object.keys(digests).length > 0, 'must hold a digest'),
);

const Subject = z.lazy(() =>
  z.looseObject({
    name: z.string().optional(),
    uri: z.string().optional(),
    digest: DigestSet,
    annotations: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** in-toto Statement v1, github.com/in-toto/attestation spec/v1/statement.md. Fields not known are kept and mean nothing, as its parsing rules ask. */
export const Statement = z.lazy(() =>
  z.looseObject({
    _type: z.literal(STATEMENT_TYPE),
    subject: z.array(Subject).min(1),
    predicateType: z.url(),
    predicate: z.record(z.string(), z.unknown()).optional(),
  }),
);
export type Statement = z.infer<typeof Statement>;
