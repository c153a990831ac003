import { fromBase64, toBase64 } from '../base64';
import { HASH_BYTES } from './hash';
import { type NoteKey, type SignedNote, parseSignedNote, verifyNoteSignature } from './signed-note';

/** The head of a tree as its log signs it, c2sp.org/tlog-checkpoint. */
export type Checkpoint = { origin: string; size: number; rootHash: Uint8Array };

/** The text that is signed; ends in a newline. */
export function formatCheckpoint({ origin, size, rootHash }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(rootHash)}\n`;
}

/** A checkpoint with its signatures, none of them checked yet. @throws Error when the note is none. */
export function parseCheckpoint(note: string): Checkpoint & { note: SignedNote } {
  const signed = parseSignedNote(note);
  const [origin = '', size = '', root = '', ...extensions] = signed.text.slice(0, -1).split('\n');
  const rootHash = fromBase64(root);
  if (origin === '' || !/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size))) throw new Error('not a checkpoint: its lines are an origin, a number of leaves, a root');
  if (!rootHash || rootHash.length !== HASH_BYTES || toBase64(rootHash) !== root) throw new Error('not a checkpoint: its root is no SHA-256 in base64');
  if (extensions.includes('')) throw new Error('not a checkpoint: an extension line is empty');
  return { origin, size: Number(size), rootHash, note: signed };
}

/** The signature by a key, of which a single bad one makes the whole note doubtful. @throws Error when there is none that holds. */
export function requireSignature({ text, signatures }: SignedNote, key: NoteKey): { at: string | null } {
  const named = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (named.length === 0) throw new Error(`no signature by ${key.name} (${key.id}); signed by ${signatures.map(({ name, id }) => `${name} (${id})`).join(', ')}`);
  const held = named.map((signature) => verifyNoteSignature(text, signature, key));
  if (held.includes(null)) throw new Error(`the signature by ${key.name} (${key.id}) does not hold`);
  return held[0] ?? { at: null };
}
