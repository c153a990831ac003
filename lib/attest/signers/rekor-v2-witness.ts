import 'server-only';
import { X509Certificate, createHash } from 'node:crypto';
import { PublicKeyDetails, TransparencyLogEntry } from '@sigstore/protobuf-specs';
import { CreateEntryRequest } from '@sigstore/protobuf-specs/rekor/v2';
import { pem } from '@sigstore/core';
import type { SignatureBundle, VerificationMaterial, Witness } from '@sigstore/sign';
import { AppError } from '../../core/errors';
import { preAuthEncoding } from '../../core/statements/dsse';
import { post } from './post';
import { signatureIn } from './timestamp-witness';

/**
 * Puts the signature into a Rekor 2 as `hashedrekord` over the digest of what was signed, the only kind it takes (rekor-v2-spec section
 * 6.1.4); Sigstore's own client still sends `dsse`, and calls every key a certificate. P-256 only: so are our keys and Fulcio's.
 */
export function rekorV2Witness(baseUrl: string): Witness {
  return {
    async testify(content, publicKey) {
      const url = `${baseUrl}/api/v2/log/entries`;
      const answer = await post(url, {
        body: JSON.stringify(CreateEntryRequest.toJSON(requestFor(content, publicKey))),
        type: 'application/json',
        accept: 'application/json',
      });
      return { tlogEntries: [entryIn(answer, url)] };
    },
  };
}

function requestFor(content: SignatureBundle, publicKey: string): CreateEntryRequest {
  if (content.$case !== 'dsseEnvelope') throw new AppError('SIGNING_FAILED', 'only DSSE envelopes are put into a log');
  const { payloadType, payload } = content.dsseEnvelope;
  const digest = createHash('sha256').update(preAuthEncoding(payloadType, payload)).digest();
  const verifier: NonNullable<
    NonNullable<
      CreateEntryRequest['spec'] & { $case: 'hashedRekordRequestV002' }
    >['hashedRekordRequestV002']['signature']
  >['verifier'] = {
    keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
    verifier: publicKey.includes('BEGIN CERTIFICATE')
      ? { $case: 'x509Certificate', x509Certificate: { rawBytes: new X509Certificate(publicKey).raw } }
      : { $case: 'publicKey', publicKey: { rawBytes: pem.toDER(publicKey) } },
  };
  return {
    spec: {
      $case: 'hashedRekordRequestV002',
      hashedRekordRequestV002: { digest, signature: { content: signatureIn(content), verifier } },
    },
  };
}

function entryIn(answer: Buffer, url: string): NonNullable<VerificationMaterial['tlogEntries']>[number] {
  let entry: TransparencyLogEntry;
  try {
    entry = TransparencyLogEntry.fromJSON(JSON.parse(answer.toString('utf8')));
  } catch (error) {
    throw new AppError('SIGNING_FAILED', `${url} answers what is no log entry`, {}, { cause: error });
  }
  const { logId, kindVersion } = entry;
  if (!logId || !kindVersion) throw new AppError('SIGNING_FAILED', `${url} answers an entry without its log or kind`);
  return { ...entry, logId, kindVersion };
}
