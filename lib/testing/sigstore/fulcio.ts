import { type KeyObject, createPublicKey, sign, verify } from 'node:crypto';
import { initializeCA } from '@sigstore/mock/dist/fulcio/ca.js';
import { initializeCTLog } from '@sigstore/mock/dist/fulcio/ctlog.js';
import { fulcioHandler } from '@sigstore/mock/dist/fulcio/handler.js';
import type { Respond } from './service';

type KeyPair = { publicKey: KeyObject; privateKey: KeyObject };
export type Claims = { sub: string; iss?: string; aud?: string; exp?: number; [claim: string]: unknown };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An OIDC token as an issuer would sign it, good for ten minutes. */
export function identityToken(issuer: KeyPair, claims: Claims): string {
  const signed = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode({ iss: 'https://issuer.example', aud: 'sigstore', exp: Math.floor(Date.now() / 1000) + 600, ...claims })}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key: issuer.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** A Fulcio with its certificate transparency log: the token must be the issuer's, current and for sigstore, the key must be the asker's. */
export async function fulcio({
  ca,
  ctLog,
  issuer,
}: {
  ca: KeyPair;
  ctLog: KeyPair;
  issuer: KeyPair;
}): Promise<{ rootCertificate: Buffer; respond: Respond }> {
  const authority = await initializeCA(ca, await initializeCTLog(ctLog));
  const handler = fulcioHandler(authority);
  return {
    rootCertificate: bytesOf(authority.rootCertificate),
    respond: async ({ method, path, body }) => {
      if (method !== 'POST' || path !== handler.path) return null;
      const request: {
        credentials: { oidcIdentityToken: string };
        publicKeyRequest: { publicKey: { content: string }; proofOfPossession: string };
      } = JSON.parse(body.toString('utf8'));
      const refusal = refusalOf(request.credentials.oidcIdentityToken, issuer) ?? possessionOf(request);
      if (refusal) return { status: 400, body: JSON.stringify({ code: 3, message: refusal }) };
      const { statusCode, response, contentType } = await handler.fn(body.toString('utf8'));
      return {
        status: statusCode,
        body: typeof response === 'string' ? response : bytesOf(response),
        type: contentType,
      };
    },
  };
}

export function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

function refusalOf(token: string, issuer: KeyPair): string | null {
  const [header, claims, signature = ''] = token.split('.');
  if (
    !verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      { key: issuer.publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  )
    return 'the token is not by the issuer';
  const { exp = 0, aud } = claimsOf(token);
  if (exp * 1000 < Date.now()) return 'the token has expired';
  return aud === 'sigstore' ? null : `the token is for ${aud}`;
}

function possessionOf({
  credentials,
  publicKeyRequest: { publicKey, proofOfPossession },
}: {
  credentials: { oidcIdentityToken: string };
  publicKeyRequest: { publicKey: { content: string }; proofOfPossession: string };
}): string | null {
  const { sub } = claimsOf(credentials.oidcIdentityToken);
  return verify(
    'sha256',
    Buffer.from(sub),
    createPublicKey(publicKey.content),
    Buffer.from(proofOfPossession, 'base64'),
  )
    ? null
    : 'the key is not proven to be the asker’s';
}
