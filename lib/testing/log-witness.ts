import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fromBase64 } from '../core/base64';
import { parseCheckpoint, requireSignature } from '../core/merkle/checkpoint';
import { EMPTY_ROOT } from '../core/merkle/hash';
import {
  type NoteKey,
  formatNoteSignature,
  formatVerifierKey,
  parseVerifierKey,
  signedMessage,
} from '../core/merkle/signed-note';
import { verifyConsistency } from '../core/merkle/verify';

export type LogWitness = {
  verifierKey: string;
  url: string;
  /** Head it cosigned last. */
  head: { size: number; rootHash: Uint8Array };
  /** Status of every answer. */
  answers: number[];
  /** What it does instead of its work. */
  misbehave: 'fails' | 'signs-another-text' | null;
  stop(): Promise<void>;
};

/** A witness as c2sp.org/tlog-witness asks for, for the one log whose verifier key `logKey` gives: it checks everything and remembers in memory. */
export async function startLogWitness(name: string, logKey: () => Promise<string>): Promise<LogWitness> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const verifierKey = formatVerifierKey(
    name,
    'cosignature',
    publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
  );
  const witness: LogWitness = {
    verifierKey,
    url: '',
    head: { size: 0, rootHash: EMPTY_ROOT },
    answers: [],
    misbehave: null,
    stop: async () => undefined,
  };
  const own = parseVerifierKey(verifierKey);
  const server = createServer(async (request, response) => {
    const { status, body } =
      request.method === 'POST' && request.url === '/add-checkpoint'
        ? answer(witness, own, privateKey, parseVerifierKey(await logKey()), await text(request))
        : { status: 404, body: '' };
    witness.answers.push(status);
    response.writeHead(status, { 'Content-Type': status === 409 ? 'text/x.tlog.size' : 'text/plain' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  witness.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  witness.stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return witness;
}

function answer(
  witness: LogWitness,
  own: NoteKey,
  privateKey: KeyObject,
  logKey: NoteKey,
  request: string,
): { status: number; body: string } {
  if (witness.misbehave === 'fails') return { status: 503, body: 'not now\n' };
  const at = request.indexOf('\n\n');
  const [old = '', ...lines] = request.slice(0, at).split('\n');
  const from = Number(/^old (0|[1-9]\d*)$/.exec(old)?.[1]);
  const hashes = lines.map((line) => fromBase64(line) ?? new Uint8Array(0));
  const checkpoint = parseCheckpoint(request.slice(at + 2));
  if (checkpoint.origin !== logKey.name) return { status: 404, body: '' };
  try {
    requireSignature(checkpoint.note, logKey);
  } catch {
    return { status: 403, body: '' };
  }
  if (!(from <= checkpoint.size)) return { status: 400, body: '' };
  if (from !== witness.head.size) return { status: 409, body: `${witness.head.size}\n` };
  if (
    !verifyConsistency({
      from,
      to: checkpoint.size,
      fromRoot: witness.head.rootHash,
      toRoot: checkpoint.rootHash,
      hashes,
    })
  )
    return { status: 422, body: '' };
  witness.head = { size: checkpoint.size, rootHash: checkpoint.rootHash };
  const seconds = BigInt(Math.floor(Date.now() / 1000));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(seconds);
  const signed = witness.misbehave === 'signs-another-text' ? 'another text\n' : checkpoint.note.text;
  return {
    status: 200,
    body: formatNoteSignature({
      name: own.name,
      id: own.id,
      bytes: Buffer.concat([time, sign(null, signedMessage(signed, 'cosignature', seconds), privateKey)]),
    }),
  };
}
