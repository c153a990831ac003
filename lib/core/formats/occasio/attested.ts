import * as z from 'zod';
import { parseJson } from '../../bytes/json-text';
import { fromBase64 } from '../../base64';
import {
  AGENT_ATTESTATION_TYPE,
  AgentAttestation,
  OLD_AGENT_ATTESTATION_TYPE,
} from '../../statements/predicates/agent-attestation';

const Signed = z.lazy(() => z.looseObject({ dsseEnvelope: z.looseObject({ payload: z.string() }) }));
const Stated = z.lazy(() =>
  z.looseObject({
    predicateType: z.enum([AGENT_ATTESTATION_TYPE, OLD_AGENT_ATTESTATION_TYPE]),
    predicate: AgentAttestation,
  }),
);
/** Occasio's own package of a run; of it the Sigstore bundle counts. */
const Packed = z.lazy(() =>
  z.looseObject({ schema: z.literal('occasio-bundle/v1'), sigstore_bundle: z.looseObject({}) }),
);

/** Whether a file is a bundle Occasio made of a run, by itself or in its own package. */
export function isOccasioAttestation(json: unknown): boolean {
  return predicateIn(bundleIn(json)) !== null;
}

export function bundleIn(json: unknown): unknown {
  return Packed.safeParse(json).data?.sigstore_bundle ?? json;
}

export function predicateIn(bundle: unknown): AgentAttestation | null {
  const payload = fromBase64(Signed.safeParse(bundle).data?.dsseEnvelope.payload ?? '');
  return payload && payload.length > 0
    ? (Stated.safeParse(parseJson(new TextDecoder().decode(payload))).data?.predicate ?? null)
    : null;
}
