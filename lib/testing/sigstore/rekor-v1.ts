import { type KeyObject, X509Certificate, createHash, createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson, preAuthEncoding } from '../../core/statements/dsse';
import { MerkleLog } from './merkle-log';
import type { Answer, Respond } from './service';

type Envelope = { payload: string; payloadType: string; signatures: { sig: string }[] };
type Proposed = {
  kind: string;
  apiVersion: string;
  spec: { proposedContent?: { envelope: string; verifiers: string[] } };
};

/** A Rekor v1 that takes `dsse` entries: it checks the signature, stores the canonical entry, signs its time and proves it in a growing tree. */
export function rekorV1(url: string, privateKey: KeyObject): Respond {
  const log = new MerkleLog();
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const logId = createHash('sha256').update(spki).digest();
  const { host } = new URL(url);
  const stored = new Map<string, { body: string; integratedTime: number; index: number }>();

  const answer = (
    uuid: string,
    { body, integratedTime, index }: { body: string; integratedTime: number; index: number },
  ): string => {
    const promise = { body, integratedTime, logIndex: index, logID: logId.toString('hex') };
    const root = log.root();
    const note = `${host} - 1193050959916656506\n${log.size}\n${root.toString('base64')}\n`;
    const checkpoint = `${note}\n\u2014 ${host} ${Buffer.concat([logId.subarray(0, 4), sign('sha256', Buffer.from(note), privateKey)]).toString('base64')}\n`;
    const inclusionProof = {
      logIndex: index,
      treeSize: log.size,
      rootHash: root.toString('hex'),
      hashes: log.prove(index).map((hash) => hash.toString('hex')),
      checkpoint,
    };
    const signedEntryTimestamp = sign('sha256', Buffer.from(canonicalJson(promise)), privateKey).toString('base64');
    return JSON.stringify({ [uuid]: { ...promise, verification: { inclusionProof, signedEntryTimestamp } } });
  };

  return ({ method, path, body }): Answer | null => {
    const known = stored.get(path.split('/').at(-1) ?? '');
    if (method === 'GET' && known) return { status: 200, body: answer(path.split('/').at(-1) ?? '', known) };
    if (method !== 'POST' || path !== '/api/v1/log/entries') return null;
    const entry = entryOf(JSON.parse(body.toString('utf8')));
    if (typeof entry === 'string') return { status: 400, body: JSON.stringify({ code: 400, message: entry }) };
    const canonical = Buffer.from(canonicalJson(entry));
    const uuid = createHash('sha256').update(Buffer.of(0)).update(canonical).digest('hex');
    if (stored.has(uuid))
      return {
        status: 409,
        body: JSON.stringify({ code: 409, message: 'an equivalent entry already exists' }),
        location: `/api/v1/log/entries/${uuid}`,
      };
    const row = {
      body: canonical.toString('base64'),
      integratedTime: Math.floor(Date.now() / 1000),
      index: log.append(canonical),
    };
    stored.set(uuid, row);
    return { status: 201, body: answer(uuid, row) };
  };
}

/** The entry as Rekor keeps it, or why it is refused. */
function entryOf({ kind, apiVersion, spec: { proposedContent } }: Proposed): object | string {
  if (kind !== 'dsse' || apiVersion !== '0.0.1' || !proposedContent)
    return `this log takes dsse 0.0.1, not ${kind} ${apiVersion}`;
  const envelope: Envelope = JSON.parse(proposedContent.envelope);
  const given = Buffer.from(proposedContent.verifiers[0] ?? '', 'base64').toString('utf8');
  const [signature] = envelope.signatures;
  const payload = Buffer.from(envelope.payload, 'base64');
  const key = createPublicKey(given);
  // In PEM as Go writes it, whatever its lines were.
  const pem = given.includes('BEGIN CERTIFICATE')
    ? new X509Certificate(given).toString()
    : key.export({ type: 'spki', format: 'pem' }).toString();
  const verifier = Buffer.from(pem).toString('base64');
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  if (
    !signature ||
    !verify(algorithm, preAuthEncoding(envelope.payloadType, payload), key, Buffer.from(signature.sig, 'base64'))
  )
    return 'the signature does not verify with the verifier';
  const sha256 = (bytes: Buffer | string) => ({
    algorithm: 'sha256',
    value: createHash('sha256').update(bytes).digest('hex'),
  });
  return {
    apiVersion,
    kind,
    spec: {
      envelopeHash: sha256(proposedContent.envelope),
      payloadHash: sha256(payload),
      signatures: [{ signature: signature.sig, verifier }],
    },
  };
}
