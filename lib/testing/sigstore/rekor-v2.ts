import { type KeyObject, X509Certificate, createHash, createPublicKey, sign } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { TILE_WIDTH, parseTilePath, tileWidth } from '../../core/merkle/tiles';
import { canonicalJson } from '../../core/statements/dsse';
import { MerkleLog } from './merkle-log';
import type { Answer, Respond } from './service';

type Verifier = { keyDetails: string; publicKey?: { rawBytes: string }; x509Certificate?: { rawBytes: string } };
type Proposed = { hashedRekordRequestV002?: { digest: string; signature: { content: string; verifier: Verifier } } };

/** Name of an Ed25519 log in its checkpoints, c2sp.org/signed-note, of which Rekor v2 calls the whole digest its key id; its origin is its host without the port. */
export function noteKeyId(origin: string, publicKey: KeyObject): Buffer {
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return createHash('sha256').update(`${origin}\n`).update(Buffer.of(1)).update(raw).digest();
}

/**
 * A Rekor v2: takes `hashedrekord` 0.0.2 over P-256 only, checks that the signature is over the digest, and answers once a signed
 * checkpoint covers the entry, without a time. Its tiles can be read (c2sp.org/tlog-tiles).
 */
export function rekorV2(url: string, privateKey: KeyObject): Respond {
  const log = new MerkleLog();
  const { hostname } = new URL(url);
  const keyId = noteKeyId(hostname, createPublicKey(privateKey));
  const checkpointOf = () => {
    const note = `${hostname}\n${log.size}\n${log.root().toString('base64')}\n`;
    return `${note}\n\u2014 ${hostname} ${Buffer.concat([keyId.subarray(0, 4), sign(null, Buffer.from(note), privateKey)]).toString('base64')}\n`;
  };

  const entries: Buffer[] = [];
  const tileAt = (path: string): Answer | null => {
    const tile = path.startsWith('/api/v2/tile/') ? parseTilePath(path.slice('/api/v2/tile/'.length).split('/')) : null;
    if (!tile || tileWidth(tile, log.size) < tile.width) return null;
    const first = tile.index * TILE_WIDTH;
    const bundle = () =>
      entries
        .slice(first, first + tile.width)
        .flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 0xff), entry]);
    return {
      status: 200,
      body: Buffer.concat(tile.entries ? bundle() : log.subtrees(tile.level, first, tile.width)),
      type: 'application/octet-stream',
    };
  };

  return ({ method, path, body }): Answer | null => {
    if (method === 'GET')
      return path === '/api/v2/checkpoint' ? { status: 200, body: checkpointOf(), type: 'text/plain' } : tileAt(path);
    if (method !== 'POST' || path !== '/api/v2/log/entries') return null;
    const { hashedRekordRequestV002: proposed }: Proposed = JSON.parse(body.toString('utf8'));
    const refusal = proposed ? refusalOf(proposed) : 'invalid type, must be hashedrekord';
    if (!proposed || refusal) return { status: 400, body: JSON.stringify({ code: 3, message: refusal }) };
    const { digest, signature } = proposed;
    const entry = {
      apiVersion: '0.0.2',
      kind: 'hashedrekord',
      spec: { hashedRekordV002: { data: { algorithm: 'SHA2_256', digest }, signature } },
    };
    const canonical = Buffer.from(canonicalJson(entry));
    const index = log.append(canonical);
    entries.push(canonical);
    return {
      status: 201,
      body: JSON.stringify({
        logIndex: String(index),
        logId: { keyId: keyId.toString('base64') },
        kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
        integratedTime: '0',
        inclusionProof: {
          logIndex: String(index),
          rootHash: log.root().toString('base64'),
          treeSize: String(log.size),
          hashes: log.prove(index).map((hash) => hash.toString('base64')),
          checkpoint: { envelope: checkpointOf() },
        },
        canonicalizedBody: canonical.toString('base64'),
      }),
    };
  };
}

function refusalOf({
  digest,
  signature: { content, verifier },
}: NonNullable<Proposed['hashedRekordRequestV002']>): string | null {
  const { keyDetails, publicKey, x509Certificate } = verifier;
  if (keyDetails !== 'PKIX_ECDSA_P256_SHA_256') return `unsupported signing algorithm ${keyDetails}`;
  const bytes = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64');
  const key = x509Certificate
    ? new X509Certificate(bytes(x509Certificate.rawBytes)).publicKey
    : createPublicKey({ key: bytes(publicKey?.rawBytes), format: 'der', type: 'spki' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return `the key is not what ${keyDetails} says`;
  const point = key.export({ type: 'spki', format: 'der' }).subarray(-65);
  return p256.verify(bytes(content), bytes(digest), point, { prehash: false, format: 'der', lowS: false })
    ? null
    : 'the signature is not over the digest';
}
