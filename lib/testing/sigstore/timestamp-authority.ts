import type { KeyObject } from 'node:crypto';
import { ASN1Obj } from '@sigstore/core';
import { initializeTSA } from '@sigstore/mock/dist/timestamp/tsa.js';
import { bytesOf } from './fulcio';
import type { Respond } from './service';

const POLICY = '1.3.6.1.4.1.57264.2';

/** An RFC 3161 timestamp authority over HTTP (section 3.4), in whole seconds as Sigstore's own, which not every verifier can do without. `chain` is its certificate and the root that issued it. */
export async function timestampAuthority(
  keys: { publicKey: KeyObject; privateKey: KeyObject },
  clock?: Date,
): Promise<{ chain: Buffer[]; respond: Respond }> {
  const time = clock ?? new Date();
  const authority = await initializeTSA(keys, time);
  return {
    chain: [bytesOf(authority.intCertificate), bytesOf(authority.rootCertificate)],
    respond: async ({ method, path, body }) => {
      if (method !== 'POST' || path !== '/api/v1/timestamp') return null;
      const [, imprint, ...optional] = ASN1Obj.parseBuffer(Buffer.from(body)).subs;
      const [algorithm, hash] = imprint?.subs ?? [];
      if (!algorithm || !hash) return { status: 400, body: 'no timestamp request', type: 'text/plain' };
      const nonce = optional.find(({ tag }) => tag.number === 2 && tag.isUniversal());
      const certReq = optional.some(({ tag, value }) => tag.isBoolean() && value[0] === 0xff);
      if (!clock) time.setTime(Math.floor(Date.now() / 1000) * 1000);
      const response = await authority.timestamp({
        artifactHash: Buffer.from(hash.value),
        hashAlgorithmOID: algorithm.subs[0]?.toOID() ?? '',
        nonce: Number(nonce?.toInteger() ?? 1),
        policyOID: POLICY,
        certReq,
      });
      return { status: 200, body: bytesOf(response), type: 'application/timestamp-reply' };
    },
  };
}
