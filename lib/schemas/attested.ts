import * as z from 'zod';
import { AttestationRequest } from './attestation-requests';
import { Attestation } from './attestations';

/** What comes of asking for a signature: it is there, or it waits. */
export const Attested = z.union([Attestation, AttestationRequest]);
