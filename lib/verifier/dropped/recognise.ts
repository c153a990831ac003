import { z } from 'zod';
import type { FormatId } from '../../core/chain/format';
import { SIDECARS, type SidecarKind, hasName } from '../../core/sidecars/kinds';
import { parseJson } from '../../core/sidecars/artefact';
import { foreignEncoding } from '../../core/bytes/text-encoding';
import { createLineSplitter } from '../../core/chain/lines';
import { recogniseFormat } from '../../core/formats';
import { isObject } from '../../core/formats/read-line';
import type { Plain } from './plain';
import { headOf } from './source';

/** What something dropped is, by its content. */
export type Recognised =
  | { kind: 'bundle' | 'trusted-root' | 'record-proof'; json: unknown }
  /** Several in one file, as a list or one a line. */
  | { kind: 'bundles'; jsons: unknown[] }
  | { kind: 'tlog-proof'; text: string }
  | { kind: 'keys'; pems: string[] }
  /** As Sealtrail publishes its keys; `validUntil` is null of one in use. */
  | { kind: 'key-list'; keys: { pem: string; validUntil: string | null }[] }
  | { kind: 'checkpoint-keys'; lines: string[] }
  | { kind: 'manifest'; entries: { sha256: string; path: string }[] }
  | { kind: 'sidecar'; sidecar: SidecarKind; text: string }
  | { kind: 'log'; format: FormatId }
  | { kind: 'package' }
  /** `what` completes "It is …". */
  | { kind: 'other'; what: string };

/** A document is read whole; what is longer can only be a log. */
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
const HEAD_BYTES = 256 * 1024;
const SAMPLE_LINES = 64;
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle(\+json;version=|\.v)/;
const ROOT = /^application\/vnd\.dev\.sigstore\.trustedroot/;
const RECORD_PROOF = 'application/vnd.sealtrail.record-proof.v1+json';
/** Where what a browser cannot undo says so itself. */
const PACKED = [
  [0, '\u0028\u00b5\u002f\u00fd', 'compressed with zstd, which browsers cannot undo; unpack it first'],
  [0, 'BZh', 'compressed with bzip2, which browsers cannot undo; unpack it first'],
  [0, '\u00fd7zXZ', 'compressed with xz, which browsers cannot undo; unpack it first'],
  [257, 'ustar', 'a tar archive; unpack it first, or drop the folder it was made of'],
] as const;
const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;
const VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/u;
/** `GET /api/v1/signing-keys`, and `keys/keys.json` of a package. */
const KeyList = z.object({ items: z.array(z.object({ publicKeyPem: z.string(), retiredAt: z.string().nullable() })).min(1) });
const MANIFEST_LINE = /^([0-9a-f]{64}) [ *](.+)$/;

/** @throws Error when it cannot be read. */
export async function recognise(plain: Plain): Promise<Recognised> {
  const head = await headOf(plain.open(), HEAD_BYTES);
  if (startsWith(head.bytes, 'PK\u0003\u0004') || startsWith(head.bytes, 'PK\u0005\u0006')) return plain.source.from === null && !plain.isPacked ? { kind: 'package' } : { kind: 'other', what: 'an archive inside another, which is not opened' };
  if (head.complete && head.bytes.length === 0) return { kind: 'other', what: 'empty: not one byte is in it' };
  const packed = PACKED.find(([at, magic]) => startsWith(head.bytes.subarray(at), magic));
  if (packed) return { kind: 'other', what: packed[2] };
  const encoding = foreignEncoding(head.bytes);
  if (encoding) return { kind: 'other', what: `${encoding} text${encoding === 'UTF-16' ? ", as Windows PowerShell's > writes it" : ''}; take the original file, or convert it to UTF-8` };
  const format = recogniseFormat(firstLines(head.bytes, head.complete));
  // Its first lines may be a document on one line: what is said of a document comes first.
  const whole = head.complete ? head : plain.source.sizeBytes <= MAX_DOCUMENT_BYTES && format === null ? await headOf(plain.open(), MAX_DOCUMENT_BYTES) : null;
  const document = whole?.complete ? documentOf(plain.source.name, new TextDecoder().decode(whole.bytes)) : null;
  if (document) return document;
  return format ? { kind: 'log', format } : { kind: 'other', what: head.complete || plain.source.sizeBytes <= MAX_DOCUMENT_BYTES ? 'nothing known here' : 'no log of a format known here, and too long for anything else' };
}

function documentOf(name: string, text: string): Recognised | null {
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return jsonDocument(name, text);
  const pems = text.match(PEM);
  if (pems) return { kind: 'keys', pems };
  if (text.startsWith('c2sp.org/tlog-proof@v1\n')) return { kind: 'tlog-proof', text };
  if (text.includes('-----BEGIN CERTIFICATE-----')) return { kind: 'other', what: 'a certificate; what certificates are held against is a trusted_root.json' };
  if (text.includes('PRIVATE KEY-----')) return { kind: 'other', what: 'a private key, which nobody should hand around; it is not used' };
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (lines.length === 0) return null;
  if (lines.every((line) => VERIFIER_KEY.test(line.trim()))) return { kind: 'checkpoint-keys', lines: lines.map((line) => line.trim()) };
  const entries = lines.map((line) => MANIFEST_LINE.exec(line));
  return entries.every((entry) => entry !== null) ? { kind: 'manifest', entries: entries.map(([, sha256 = '', path = '']) => ({ sha256, path: path.replace(/^\.\//, '') })) } : null;
}

function jsonDocument(name: string, text: string): Recognised | null {
  const json = parseJson(text) ?? linesOf(text);
  // What signed bundles are of is told by their statement.
  const sidecar = SIDECARS.find((kind) => !kind.isBundle && (kind.isLines ? hasName(kind, baseName(name)) : kind.isOne(json)))?.kind;
  if (sidecar) return { kind: 'sidecar', sidecar, text };
  if (Array.isArray(json) && json.length > 0 && json.every(isBundle)) return { kind: 'bundles', jsons: json };
  if (!isObject(json)) return null;
  const type = typeof json.mediaType === 'string' ? json.mediaType : '';
  if (ROOT.test(type)) return { kind: 'trusted-root', json };
  if (type === RECORD_PROOF) return { kind: 'record-proof', json };
  const list = KeyList.safeParse(json).data;
  if (list) return { kind: 'key-list', keys: list.items.map(({ publicKeyPem, retiredAt }) => ({ pem: publicKeyPem, validUntil: retiredAt })) };
  if (isBundle(json)) return { kind: 'bundle', json };
  if ('payloadType' in json && 'signatures' in json) return { kind: 'other', what: 'a DSSE envelope by itself, without what says who signed it' };
  if (json._type === 'https://in-toto.io/Statement/v1') return { kind: 'other', what: 'a statement without its signature' };
  if ('base64Signature' in json) return { kind: 'other', what: 'a bundle of cosign before its version 3, without a statement' };
  return null;
}

/** A bundle whose media type was changed is still to be told as a bundle that does not hold. */
function isBundle(json: unknown): boolean {
  if (!isObject(json)) return false;
  return (typeof json.mediaType === 'string' && BUNDLE.test(json.mediaType)) || (isObject(json.verificationMaterial) && ('dsseEnvelope' in json || 'messageSignature' in json));
}

/** JSON Lines; null when a line is no JSON. */
function linesOf(text: string): unknown[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.length > 1 ? lines.map(parseJson) : [];
  return parsed.length > 0 && !parsed.includes(undefined) ? parsed : null;
}

function firstLines(head: Uint8Array, complete: boolean): Uint8Array[] {
  const lines: Uint8Array[] = [];
  const splitter = createLineSplitter(({ bytes }) => {
    if (bytes.length > 0 && lines.length < SAMPLE_LINES) lines.push(bytes.slice());
  });
  splitter.push(head);
  if (complete) splitter.end();
  return lines;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && [...text].every((character, at) => bytes[at] === character.charCodeAt(0));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
