import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, toBase64 } from '../base64';
import { Refusal } from '../checks/check';

/** Kinds of signatures we know, by the byte in the key. c2sp.org/signed-note. */
const KINDS = { 0x01: 'ed25519', 0x04: 'cosignature' } as const;
export type NoteKeyKind = (typeof KINDS)[keyof typeof KINDS];

/** Key that a note is checked with; `id` is eight hexadecimal digits. */
export type NoteKey = { name: string; id: string; kind: NoteKeyKind; publicKey: Uint8Array };

export type NoteSignature = { name: string; id: string /** What follows the key's id. */; bytes: Uint8Array };
export type SignedNote = { /** Ends in a newline. */ text: string; signatures: NoteSignature[] };

const MAX_NOTE_CHARACTERS = 1024 * 1024;
const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
const TIME_BYTES = 8;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u;
const encoder = new TextEncoder();

/** The first four bytes of SHA-256(name, newline, kind, public key). */
export function noteKeyId(name: string, kind: NoteKeyKind, publicKey: Uint8Array): string {
  const named = encoder.encode(`${name}\n`);
  const bytes = new Uint8Array(named.length + 1 + publicKey.length);
  bytes.set(named);
  bytes[named.length] = kindByte(kind);
  bytes.set(publicKey, named.length + 1);
  return hex(sha256(bytes).subarray(0, KEY_ID_BYTES));
}

/** `name+id+key` as it is handed to those who check notes. */
export function formatVerifierKey(name: string, kind: NoteKeyKind, publicKey: Uint8Array): string {
  return `${name}+${noteKeyId(name, kind, publicKey)}+${toBase64(Uint8Array.of(kindByte(kind), ...publicKey))}`;
}

/** @throws Refusal that says what is wrong with the key. */
export function parseVerifierKey(text: string): NoteKey {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  if (!bytes || name === '') throw new Refusal({ code: 'malformed', form: 'verifier-key' });
  const kind = Object.entries(KINDS).find(([byte]) => Number(byte) === bytes[0])?.[1];
  if (!kind || bytes.length !== 1 + PUBLIC_KEY_BYTES)
    throw new Refusal({ code: 'malformed', form: 'verifier-key-kind' });
  const publicKey = bytes.subarray(1);
  if (noteKeyId(name, kind, publicKey) !== id) throw new Refusal({ code: 'verifier-key-id', id });
  return { name, id, kind, publicKey };
}

/** @throws Refusal when the text is no signed note. */
export function parseSignedNote(note: string): SignedNote {
  const at = note.lastIndexOf('\n\n');
  if (
    at === -1 ||
    note.length > MAX_NOTE_CHARACTERS ||
    !note.endsWith('\n') ||
    !note.isWellFormed() ||
    hasControl(note)
  )
    throw new Refusal({ code: 'malformed', form: 'signed-note' });
  return { text: note.slice(0, at + 1), signatures: parseNoteSignatures(note.slice(at + 2)) };
}

/** Signature lines by themselves, as a witness answers with. @throws Refusal when there is none, or another line. */
export function parseNoteSignatures(lines: string): NoteSignature[] {
  if (!lines.endsWith('\n')) throw new Refusal({ code: 'malformed', form: 'signature-line-end' });
  return lines
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
      const bytes = fromBase64(encoded);
      if (name === '' || !bytes || bytes.length <= KEY_ID_BYTES || toBase64(bytes) !== encoded)
        throw new Refusal({ code: 'malformed', form: 'signature-line' });
      return { name, id: hex(bytes.subarray(0, KEY_ID_BYTES)), bytes: bytes.subarray(KEY_ID_BYTES) };
    });
}

/** One signature line with its newline. */
export function formatNoteSignature({ name, id, bytes }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(Uint8Array.of(...unhex(id), ...bytes))}\n`;
}

/** What a key of this kind signs of a text; `time` in seconds since 1970 for a cosignature. c2sp.org/tlog-cosignature. */
export function signedMessage(text: string, kind: NoteKeyKind, time: bigint = 0n): Uint8Array {
  return encoder.encode(kind === 'cosignature' ? `cosignature/v1\ntime ${time}\n${text}` : text);
}

/**
 * Whether a signature that names this key is the key's over the text; a cosignature tells when it was made, RFC 3339 UTC. Null when it
 * names another key, or is none of this key.
 */
export function verifyNoteSignature(
  text: string,
  signature: NoteSignature,
  key: NoteKey,
): { at: string | null } | null {
  if (signature.name !== key.name || signature.id !== key.id) return null;
  const isCosignature = key.kind === 'cosignature';
  const { bytes } = signature;
  const time =
    isCosignature && bytes.length >= TIME_BYTES ? new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) : 0n;
  // Beyond that no calendar goes, and a date cannot be said.
  if (time > BigInt(MAX_SECONDS) || (isCosignature && time === 0n)) return null;
  if (!isSignature(bytes.subarray(isCosignature ? TIME_BYTES : 0), signedMessage(text, key.kind, time), key.publicKey))
    return null;
  return { at: isCosignature ? new Date(Number(time) * 1000).toISOString() : null };
}

/** 9999-12-31T23:59:59Z. */
const MAX_SECONDS = 253_402_300_799;

function isSignature(bytes: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    // RFC 8032 as signers follow it; ZIP-215 would accept what others refuse.
    return bytes.length === 64 && ed25519.verify(bytes, message, publicKey, { zip215: false });
  } catch {
    return false; // a public key that is no point
  }
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < 0x20 && text[at] !== '\n') return true;
  return false;
}

function kindByte(kind: NoteKeyKind): number {
  return kind === 'ed25519' ? 0x01 : 0x04;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function unhex(digits: string): number[] {
  return (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
