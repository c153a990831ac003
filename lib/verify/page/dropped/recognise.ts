import * as z from 'zod';
import { formatOfHead, headOf } from '../../log/head';
import { textOf } from '../../../core/bytes/text-encoding';
import { noLog } from '../../../core/bytes/no-log';
import { MAX_DOCUMENT_BYTES } from '../../../core/bytes/limits';
import { filledLines, parseJson, parseJsonLines } from '../../../core/bytes/json-text';
import type { FormatId } from '../../../core/chain/format';
import { SIDECARS, type SidecarKind, hasName, sidecarNamed } from '../../../core/sidecars/kinds';
import { isObject } from '../../../core/formats/read-line';
import type { Plain } from './plain';

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

const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle(\+json;version=|\.v)/;
const ROOT = /^application\/vnd\.dev\.sigstore\.trustedroot/;
const RECORD_PROOF = 'application/vnd.sealtrail.record-proof.v1+json';
const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;
const VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/u;
/** `GET /api/v1/signing-keys`, and `keys/keys.json` of a package. */
const KeyList = z.object({
  items: z.array(z.object({ publicKeyPem: z.string(), retiredAt: z.string().nullable() })).min(1),
});
const MANIFEST_LINE = /^([0-9a-f]{64}) [ *](.+)$/;

/** @throws Error when it cannot be read. */
export async function recognise(plain: Plain): Promise<Recognised> {
  const head = await plain.head();
  const other = noLog(head.bytes);
  if (other?.kind === 'zip')
    return plain.source.from === null && !plain.isPacked
      ? { kind: 'package' }
      : { kind: 'other', what: 'an archive inside another, which is not opened' };
  if (head.complete && head.bytes.length === 0) return { kind: 'other', what: 'empty: not one byte is in it' };
  // A file that its name tells is one whatever is in it: what is wrong with it is told with the log.
  const named = sidecarNamed(baseName(plain.source.name));
  const sidecar = named?.isBundle ? null : named;
  if (other && !sidecar) return { kind: 'other', what: `${other.what}; ${other.advice}` };
  const format = formatOfHead(head);
  // Its first lines may be a document on one line: what is said of a document comes first.
  const whole = head.complete
    ? head
    : plain.source.sizeBytes <= MAX_DOCUMENT_BYTES && format === null
      ? await headOf(plain.open(), MAX_DOCUMENT_BYTES)
      : null;
  const document = whole?.complete ? documentOf(plain.source.name, textOf(whole.bytes)) : null;
  if (document) return document;
  if (sidecar && whole?.complete) return { kind: 'sidecar', sidecar: sidecar.kind, text: textOf(whole.bytes) };
  return format
    ? { kind: 'log', format }
    : {
        kind: 'other',
        what:
          head.complete || plain.source.sizeBytes <= MAX_DOCUMENT_BYTES
            ? 'nothing known here'
            : 'no log of a format known here, and too long for anything else',
      };
}

function documentOf(name: string, text: string): Recognised | null {
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return jsonDocument(name, text);
  const pems = text.match(PEM);
  if (pems) return { kind: 'keys', pems };
  if (text.startsWith('c2sp.org/tlog-proof@v1\n')) return { kind: 'tlog-proof', text };
  if (text.includes('-----BEGIN CERTIFICATE-----'))
    return { kind: 'other', what: 'a certificate; certificates are checked with a trusted_root.json' };
  if (text.includes('PRIVATE KEY-----'))
    return { kind: 'other', what: 'a private key, which should not be shared; it is not used' };
  const lines = filledLines(text)
    .map((line) => line.trimEnd())
    .filter((line) => !line.startsWith('#'));
  if (lines.length === 0) return null;
  if (lines.every((line) => VERIFIER_KEY.test(line.trim())))
    return { kind: 'checkpoint-keys', lines: lines.map((line) => line.trim()) };
  const entries = lines.map((line) => MANIFEST_LINE.exec(line));
  return entries.every((entry) => entry !== null)
    ? {
        kind: 'manifest',
        entries: entries.map(([, sha256 = '', path = '']) => ({ sha256, path: path.replace(/^\.\//, '') })),
      }
    : null;
}

function jsonDocument(name: string, text: string): Recognised | null {
  const json = parseJson(text) ?? parseJsonLines(text);
  // What signed bundles are of is told by their statement.
  const sidecar = SIDECARS.find(
    (kind) => !kind.isBundle && (kind.isLines ? hasName(kind, baseName(name)) : kind.isOne(json)),
  )?.kind;
  if (sidecar) return { kind: 'sidecar', sidecar, text };
  if (Array.isArray(json) && json.length > 0 && json.every(isBundle)) return { kind: 'bundles', jsons: json };
  if (!isObject(json)) return null;
  const type = typeof json.mediaType === 'string' ? json.mediaType : '';
  if (ROOT.test(type)) return { kind: 'trusted-root', json };
  if (type === RECORD_PROOF) return { kind: 'record-proof', json };
  const list = KeyList.safeParse(json).data;
  if (list)
    return {
      kind: 'key-list',
      keys: list.items.map(({ publicKeyPem, retiredAt }) => ({ pem: publicKeyPem, validUntil: retiredAt })),
    };
  if (isBundle(json)) return { kind: 'bundle', json };
  if ('payloadType' in json && 'signatures' in json)
    return { kind: 'other', what: 'a DSSE envelope by itself, without what says who signed it' };
  if (json._type === 'https://in-toto.io/Statement/v1')
    return { kind: 'other', what: 'a statement without its signature' };
  if ('base64Signature' in json)
    return { kind: 'other', what: 'a bundle of cosign before its version 3, without a statement' };
  return null;
}

/** A bundle whose media type was changed is still to be told as a bundle that does not hold. */
function isBundle(json: unknown): boolean {
  if (!isObject(json)) return false;
  return (
    (typeof json.mediaType === 'string' && BUNDLE.test(json.mediaType)) ||
    (isObject(json.verificationMaterial) && ('dsseEnvelope' in json || 'messageSignature' in json))
  );
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
