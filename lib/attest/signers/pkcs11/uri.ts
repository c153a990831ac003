import { fileURLToPath } from 'node:url';

/** Which key of which token, RFC 7512. */
export type Pkcs11Uri = {
  modulePath: string;
  /** File that holds the PIN and nothing else; null for a token that asks for none. */
  pinFile: string | null;
  token: {
    label: string | null;
    serial: string | null;
    manufacturer: string | null;
    model: string | null;
    slotId: number | null;
  };
  key: { label: string | null; id: Buffer | null };
};

const PATH_NAMES = new Set(['token', 'serial', 'manufacturer', 'model', 'slot-id', 'object', 'id', 'type']);
const QUERY_NAMES = new Set(['module-path', 'pin-source']);

/** @throws Error saying what is wrong with it; a PIN in it is refused without being repeated. */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  const [, path = '', query = ''] = /^pkcs11:([^?]*)(?:\?(.*))?$/.exec(uri) ?? [];
  const named = new Map(path.split(';').flatMap((part) => pair(part, PATH_NAMES)));
  const requested = new Map(query.split('&').flatMap((part) => pair(part, QUERY_NAMES)));
  const text = (name: string) => named.get(name)?.toString('utf8') ?? null;
  const modulePath = requested.get('module-path')?.toString('utf8');
  if (!modulePath?.startsWith('/'))
    throw new Error('a pkcs11: URI needs module-path=, the absolute path of the token’s library');
  if (!named.has('object') && !named.has('id'))
    throw new Error('a pkcs11: URI needs object= or id=, which name the key');
  if (named.has('type') && text('type') !== 'private')
    throw new Error('a pkcs11: URI of a key to sign with has type=private, or none');
  const slot = text('slot-id');
  if (slot !== null && !/^\d{1,9}$/.test(slot)) throw new Error('slot-id= of a pkcs11: URI is a number');
  const pinSource = requested.get('pin-source')?.toString('utf8');
  return {
    modulePath,
    pinFile: pinSource === undefined ? null : fileOf(pinSource),
    token: {
      label: text('token'),
      serial: text('serial'),
      manufacturer: text('manufacturer'),
      model: text('model'),
      slotId: slot === null ? null : Number(slot),
    },
    key: { label: text('object'), id: named.get('id') ?? null },
  };
}

function pair(part: string, known: ReadonlySet<string>): [string, Buffer][] {
  if (part === '') return [];
  const [name = '', ...value] = part.split('=');
  if (name === 'pin-value')
    throw new Error('a pkcs11: URI with pin-value= has the PIN in the environment: use pin-source=file:/path');
  if (!known.has(name)) throw new Error(`${name}= in a pkcs11: URI is not understood`);
  return [[name, percentDecoded(value.join('='))]];
}

/** Bytes: an id is not text. */
function percentDecoded(text: string): Buffer {
  return Buffer.concat(
    text
      .split(/(%[0-9A-Fa-f]{2})/)
      .map((part) => (/^%[0-9A-Fa-f]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  );
}

function fileOf(source: string): string {
  const file = source.startsWith('file://') ? fileURLToPath(source) : source.replace(/^file:/, '');
  if (!file.startsWith('/')) throw new Error('pin-source= of a pkcs11: URI is a file: file:/path');
  return file;
}
