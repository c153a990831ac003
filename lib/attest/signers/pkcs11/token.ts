import 'server-only';
import { type KeyObject, createHash, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { p256 } from '@noble/curves/nist.js';
import { AppError } from '../../../core/errors';
import { ALREADY_LOGGED_IN, CLOSED, type Library, PIN_REFUSED, loadLibrary } from './library';
import { Memory } from './memory';
import type { Pkcs11Uri } from './uri';

const SERIAL_SESSION = 4;
const USER = 1;
const MECHANISM_ECDSA = 0x1041;
const CLASS = 0x00;
const LABEL = 0x03;
const KEY_TYPE = 0x100;
const ID = 0x102;
const EC_PARAMS = 0x180;
const EC_POINT = 0x181;
const PUBLIC_KEY = 2;
const PRIVATE_KEY = 3;
const KEY_TYPE_EC = 3;
const TOKEN_INFO_BYTES = 256;
const RAW_SIGNATURE_BYTES = 64;
/** DER of the object identifier of P-256, and of an SPKI up to the point. */
const P256_PARAMS = Buffer.from('06082a8648ce3d030107', 'hex');
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const POINT_BYTES = 65;

export type Token = {
  publicKey: KeyObject;
  /** DER of an ECDSA signature over the SHA-256 of `data`. */
  sign(data: Buffer): Promise<Buffer>;
};

/** PINs a token has refused, by digest: to try one again would lock it. */
const refusedPins = new Set<string>();

/**
 * Logs in and finds the key. Calls to one token follow each other, as its session knows only one operation at a time.
 * @throws AppError SIGNING_UNAVAILABLE when the device is away; SIGNING_FAILED when the URI fits none or several, or the PIN is refused.
 */
export async function openToken(uri: Pkcs11Uri): Promise<Token> {
  const library = await loadLibrary(uri.modulePath);
  const slot = await findSlot(library, uri);
  const session = await openSession(library, slot, uri);
  try {
    return await tokenOf(library, session, uri);
  } catch (error) {
    await library.call('C_CloseSession', [session], CLOSED);
    throw error;
  }
}

async function tokenOf(library: Library, session: bigint, uri: Pkcs11Uri): Promise<Token> {
  const key = await findKey(library, session, PRIVATE_KEY, uri.key);
  const id = await attribute(library, session, key, ID);
  const publicKey = await readPublicKey(
    library,
    session,
    await findKey(library, session, PUBLIC_KEY, id.length > 0 ? { label: null, id } : uri.key),
  );
  let last: Promise<unknown> = Promise.resolve();
  return {
    publicKey,
    sign(data) {
      const turn = last.then(() => signDigest(library, session, key, createHash('sha256').update(data).digest()));
      last = turn.catch(() => null); // its caller is told; the next one has its own turn
      return turn;
    },
  };
}

async function findSlot(library: Library, { token }: Pkcs11Uri): Promise<bigint> {
  return within(async (memory) => {
    const count = memory.words([0]);
    await library.call('C_GetSlotList', [1, null, count]);
    const slots = memory.reserve(Number(memory.readWord(count)) * 8);
    await library.call('C_GetSlotList', [1, slots, count]);
    const fitting: bigint[] = [];
    for (let index = 0; index < Number(memory.readWord(count)); index += 1) {
      const slot = memory.readWord(slots, index);
      const info = memory.reserve(TOKEN_INFO_BYTES);
      await library.call('C_GetTokenInfo', [slot, info]);
      const text = (from: number, to: number) =>
        memory.read(info, TOKEN_INFO_BYTES).subarray(from, to).toString('utf8').trimEnd();
      const found = { label: text(0, 32), manufacturer: text(32, 64), model: text(64, 80), serial: text(80, 96) };
      const fits = (['label', 'manufacturer', 'model', 'serial'] as const).every(
        (name) => token[name] === null || token[name] === found[name],
      );
      if (fits && (token.slotId === null || BigInt(token.slotId) === slot)) fitting.push(slot);
    }
    const [slot] = fitting;
    if (slot === undefined || fitting.length > 1)
      throw new AppError(
        slot === undefined ? 'SIGNING_UNAVAILABLE' : 'SIGNING_FAILED',
        `SEALTRAIL_SIGNER fits ${fitting.length} tokens, not one`,
      );
    return slot;
  });
}

async function openSession(library: Library, slot: bigint, { pinFile, modulePath }: Pkcs11Uri): Promise<bigint> {
  return within(async (memory) => {
    const pin = pinFile === null ? null : await readPin(pinFile);
    const digest = createHash('sha256')
      .update(`${modulePath}\n${slot}\n`)
      .update(pin ?? '')
      .digest('hex');
    if (pinFile !== null && refusedPins.has(digest))
      throw new AppError(
        'SIGNING_FAILED',
        'the token has refused the PIN in pin-source; it is not tried again, so that the token is not locked',
        { pinFile },
      );
    const place = memory.words([0]);
    await library.call('C_OpenSession', [slot, SERIAL_SESSION, null, null, place]);
    const session = memory.readWord(place);
    if (pin === null || pinFile === null) return session;
    const answer = await library.call(
      'C_Login',
      [session, USER, memory.put(pin), pin.length],
      new Set([ALREADY_LOGGED_IN, ...PIN_REFUSED]),
    );
    if (!PIN_REFUSED.has(answer)) return session;
    refusedPins.add(digest);
    await library.call('C_CloseSession', [session], CLOSED);
    throw new AppError('SIGNING_FAILED', 'the token refuses the PIN in pin-source', { pinFile });
  });
}

async function readPin(file: string): Promise<Buffer> {
  try {
    return Buffer.from((await readFile(file, 'utf8')).replace(/\r?\n$/, ''));
  } catch (error) {
    throw new AppError(
      'SIGNING_FAILED',
      'pin-source of SEALTRAIL_SIGNER names a file that cannot be read',
      { file },
      { cause: error },
    );
  }
}

async function findKey(
  library: Library,
  session: bigint,
  kind: number,
  { label, id }: Pkcs11Uri['key'],
): Promise<bigint> {
  return within(async (memory) => {
    const wanted: [number, Uint8Array][] = [
      [CLASS, word(kind)],
      [KEY_TYPE, word(KEY_TYPE_EC)],
      ...(label === null ? [] : [[LABEL, Buffer.from(label)] satisfies [number, Uint8Array]]),
      ...(id === null ? [] : [[ID, id] satisfies [number, Uint8Array]]),
    ];
    await library.call('C_FindObjectsInit', [
      session,
      memory.words(wanted.flatMap(([type, value]) => [type, memory.put(value), value.length])),
      wanted.length,
    ]);
    const places = memory.reserve(16);
    const count = memory.words([0]);
    await library.call('C_FindObjects', [session, places, 2, count]);
    await library.call('C_FindObjectsFinal', [session]);
    const found = Number(memory.readWord(count));
    if (found !== 1)
      throw new AppError(
        'SIGNING_FAILED',
        `SEALTRAIL_SIGNER fits ${found === 0 ? 'no' : 'several'} ${kind === PRIVATE_KEY ? 'private' : 'public'} EC keys of the token, not one`,
      );
    return memory.readWord(places);
  });
}

async function attribute(library: Library, session: bigint, object: bigint, type: number): Promise<Buffer> {
  return within(async (memory) => {
    const requested = memory.words([type, 0, 0]);
    await library.call('C_GetAttributeValue', [session, object, requested, 1]);
    const length = Number(memory.readWord(requested, 2));
    const value = memory.reserve(length);
    await library.call('C_GetAttributeValue', [session, object, memory.words([type, value, length]), 1]);
    return memory.read(value, length);
  });
}

async function readPublicKey(library: Library, session: bigint, object: bigint): Promise<KeyObject> {
  const params = await attribute(library, session, object, EC_PARAMS);
  if (!params.equals(P256_PARAMS))
    throw new AppError('SIGNING_FAILED', 'the key of the token is on another curve than P-256');
  // An OCTET STRING around the point, as specified, or the bare point, as some tokens have it.
  const point = (await attribute(library, session, object, EC_POINT)).subarray(-POINT_BYTES);
  return createPublicKey({ key: Buffer.concat([P256_SPKI, point]), format: 'der', type: 'spki' });
}

async function signDigest(library: Library, session: bigint, key: bigint, digest: Buffer): Promise<Buffer> {
  return within(async (memory) => {
    await library.call('C_SignInit', [session, memory.words([MECHANISM_ECDSA, 0, 0]), key]);
    const signature = memory.reserve(RAW_SIGNATURE_BYTES);
    const length = memory.words([RAW_SIGNATURE_BYTES]);
    await library.call('C_Sign', [session, memory.put(digest), digest.length, signature, length]);
    return Buffer.from(p256.Signature.fromBytes(memory.read(signature, RAW_SIGNATURE_BYTES), 'compact').toBytes('der'));
  });
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

async function within<T>(run: (memory: Memory) => Promise<T>): Promise<T> {
  const memory = new Memory();
  try {
    return await run(memory);
  } finally {
    memory.free();
  }
}
