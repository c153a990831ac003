import { fromBase64, toBase64 } from '../base64';
import { Refusal } from '../checks/check';
import { HASH_BYTES } from './hash';
import { type NoteKey, type SignedNote, parseSignedNote, verifyNoteSignature } from './signed-note';

/** The head of a tree as its log signs it, c2sp.org/tlog-checkpoint. */
export type Checkpoint = { origin: string; size: number; rootHash: Uint8Array };

/** The text that is signed; ends in a newline. */
export function formatCheckpoint({ origin, size, rootHash }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(rootHash)}\n`;
}

/** A checkpoint with its signatures, none of them checked yet. @throws Refusal when the note is none. */
export function parseCheckpoint(note: string): Checkpoint & { note: SignedNote } {
  const signed = parseSignedNote(note);
  const [origin = '', size = '', root = '', ...extensions] = signed.text.slice(0, -1).split('\n');
  const rootHash = fromBase64(root);
  if (origin === '' || !/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw new Refusal({ code: 'malformed', form: 'checkpoint-lines' });
  if (!rootHash || rootHash.length !== HASH_BYTES || toBase64(rootHash) !== root)
    throw new Refusal({ code: 'malformed', form: 'checkpoint-root' });
  if (extensions.includes('')) throw new Refusal({ code: 'malformed', form: 'checkpoint-extension' });
  return { origin, size: Number(size), rootHash, note: signed };
}

/** The signature by a key, of which a single bad one makes the whole note doubtful. @throws Refusal when there is none that holds. */
export function requireSignature({ text, signatures }: SignedNote, key: NoteKey): { at: string | null } {
  const own = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) throw new Refusal({ code: 'not-signed-by', key: named(key), signers: signatures.map(named) });
  const held = own.map((signature) => verifyNoteSignature(text, signature, key));
  if (held.includes(null)) throw new Refusal({ code: 'note-signature-differs', key: named(key) });
  return held[0] ?? { at: null };
}

function named({ name, id }: { name: string; id: string }): string {
  return `${name} (${id})`;
}
