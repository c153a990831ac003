import * as z from 'zod';
import { ResourceDescriptor } from '../resource';
import { type Standing, passes } from '../standing';
import { type Statement, STATEMENT_TYPE } from '../statement';
import { type Verifier, levelOf } from './verification-summary';
import { definePredicate } from './predicate';

const SVR_TYPE = 'https://in-toto.io/attestation/svr/v0.2';

/** Simple Verification Result v0.2, github.com/in-toto/attestation spec/predicates/svr.md. It has no field for what failed. */
export const VerificationResult = z.looseObject({
  verifier: z.looseObject({
    id: z.url(),
    version: z.record(z.string(), z.string()).optional(),
    policies: z.array(ResourceDescriptor),
  }),
  timeCreated: z.iso.datetime(),
  properties: z.array(z.string()),
});

export type ResultInput = {
  /** Only bytes the standing is about. */
  subject: Statement['subject'];
  verifier: Verifier;
  /** When the verification occurred. */
  verifiedAt: string;
  standing: Standing;
  policies: ResourceDescriptor[];
  /** What holds beyond the chain itself. */
  more: readonly string[];
};

/** Only properties that hold are named: one that is missing was not proven. Of bytes that do not pass, none is. */
export function buildVerificationResult({
  subject,
  verifier,
  verifiedAt,
  standing,
  policies,
  more,
}: ResultInput): Statement {
  const properties = passes(standing)
    ? [levelOf(standing.verdict), 'AUDIT_CHAIN_LINKS_VERIFIED', 'AUDIT_CHAIN_NO_GAPS', ...more].toSorted()
    : [];
  const predicate = VerificationResult.parse({
    verifier: { ...verifier, policies },
    timeCreated: verifiedAt,
    properties,
  });
  return { _type: STATEMENT_TYPE, subject, predicateType: SVR_TYPE, predicate };
}

export const verificationResult = definePredicate({
  type: SVR_TYPE,
  label: 'Verification result',
  schema: VerificationResult,
  madeAt: 'timeCreated',
  companion: {
    id: 'svr',
    label: 'verification result (in-toto SVR)',
    make: ({ policy, rules, properties, ...made }) =>
      buildVerificationResult({
        ...made,
        policies: [policy, ...rules.map(({ id, digest }) => ({ name: `${id}.yml`, digest }))],
        more: properties,
      }),
  },
  build: buildVerificationResult,
  describe: ({ verifier, properties }) =>
    `${verifier.id} found ${properties.length === 0 ? 'no property to hold' : properties.join(', ')}`,
  claims: ({ properties }) => ({
    claims: properties.map((property) => ({ kind: 'property', property })),
    isOnLogs: false,
  }),
  favours({ properties }) {
    const ofChain = properties.filter((property) => property.startsWith('AUDIT_'));
    return ofChain.length > 0 ? ofChain.join(', ') : null;
  },
});
