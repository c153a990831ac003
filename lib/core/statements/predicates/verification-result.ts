import { z } from 'zod';
import { ResourceDescriptor } from '../resource';
import { type Statement, STATEMENT_TYPE } from '../statement';

export const SVR_TYPE = 'https://in-toto.io/attestation/svr/v0.2';

/** Simple Verification Result v0.2, github.com/in-toto/attestation spec/predicates/svr.md. It has no field for what failed. */
export const VerificationResult = z.looseObject({
  verifier: z.looseObject({ id: z.url(), policies: z.array(ResourceDescriptor) }),
  timeCreated: z.iso.datetime(),
  properties: z.array(z.string()),
});

export type ResultInput = { subject: Statement['subject']; verifierId: string; verifiedAt: string; policies: ResourceDescriptor[]; properties: string[] };

/** Only properties that hold are named: one that is missing was not proven. */
export function buildVerificationResult({ subject, verifierId, verifiedAt, policies, properties }: ResultInput): Statement {
  const predicate = VerificationResult.parse({ verifier: { id: verifierId, policies }, timeCreated: verifiedAt, properties: properties.toSorted() });
  return { _type: STATEMENT_TYPE, subject, predicateType: SVR_TYPE, predicate };
}
