import 'server-only';
import { createHash } from 'node:crypto';
import { RFC3161Timestamp } from '@sigstore/core';
import type { SignatureBundle, Witness } from '@sigstore/sign';
import { AppError } from '../../core/errors';
import { post } from './post';

/** DER of a TimeStampReq (RFC 3161 section 2.4.1) for a SHA-256, which goes between the two; the authority's certificate is asked for too. */
const BEFORE_HASH = Buffer.from('30390201013031300d060960864801650304020105000420', 'hex');
const AFTER_HASH = Buffer.from('0101ff', 'hex');

/** Has any RFC 3161 authority sign that it saw the signature. Sigstore's own client speaks only to Sigstore's, in JSON. */
export function timestampWitness(url: string): Witness {
  return {
    async testify(content) {
      const imprint = createHash('sha256').update(signatureIn(content)).digest();
      const answer = await post(url, {
        body: Buffer.concat([BEFORE_HASH, imprint, AFTER_HASH]),
        type: 'application/timestamp-query',
        accept: 'application/timestamp-reply',
      });
      const status = statusOf(Buffer.from(answer));
      if (status === null) throw new AppError('SIGNING_FAILED', `${url} answers what is no RFC 3161 timestamp`);
      if (status > 1n) throw new AppError('SIGNING_FAILED', `${url} refuses to sign a time: status ${status}`);
      return { rfc3161Timestamps: [{ signedTimestamp: answer }] };
    },
  };
}

function statusOf(answer: Buffer<ArrayBuffer>): bigint | null {
  try {
    return RFC3161Timestamp.parse(answer).status;
  } catch {
    return null;
  }
}

export function signatureIn(content: SignatureBundle): Buffer {
  const signature =
    content.$case === 'dsseEnvelope' ? content.dsseEnvelope.signatures[0]?.sig : content.messageSignature.signature;
  if (!signature) throw new AppError('SIGNING_FAILED', 'there is no signature to witness');
  return signature;
}
