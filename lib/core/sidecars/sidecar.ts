import type { Place } from '../chain/check';
import type { Hasher } from '../chain/format';
import type { Problem, ProblemCounts } from '../chain/problem';
import type { ProblemList } from '../chain/problem-list';
import type { JsonObject } from '../formats/read-line';
import type { verifyBundle } from '../statements/verify-bundle';

/** A file that lies beside a log and says something of it; `kind` as its format declares it. */
export type Sidecar = { kind: string /** As it is to be named to people. */; file: string; text: string };

/** A public key somebody registered or named, or one that a log brings along. */
export type SignatureKey = {
  /** As it is to be named to people. */
  name: string;
  algorithm: 'Ed25519' | 'ECDSA P-256';
  /** SHA-256 of the SPKI, DER, in lower-case hex. */
  fingerprint: string;
  /** Ed25519 over the message, or ECDSA over its SHA-256 with the signature in DER. Never throws. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
};

/** What checking needs of the platform. `readKey` takes an SPKI in DER; null for what is no key of the algorithms above. */
export type SidecarTools = {
  hasher: Hasher;
  readKey(spki: Uint8Array, name: string): SignatureKey | null;
  /** How bundles are checked, and the parsed `trusted_root.json`s by which certificates of tools are; none can be when left out. */
  bundles?: { trustedRoots: readonly unknown[]; verify: typeof verifyBundle };
};

/** What one sidecar file, or the signatures in it, came to. Plain JSON: it is stored and printed as is. */
export type CheckedSidecar = {
  /** A sidecar's kind, or `signatures`. */
  kind: string;
  /** Name of the file; of signatures the names of the keys. */
  file: string;
  /** Null when nothing could be proven or disproven by it. */
  holds: boolean | null;
  /** One sentence: what was compared, and how it came out. */
  message: string;
  facts: Record<string, string | number | boolean | null>;
};

/** Problems are placed in the whole chain and come on top of those of its records. */
export type SidecarCheck = { checkedSidecars: CheckedSidecar[]; problems: Problem[]; problemCounts: ProblemCounts };

/** The log as a walk over it saw it; `head` is the hash of the last record that carries one. */
export type WalkedLog = { records: number; lines: number; sizeBytes: number; head: string | null };

/** A record as the walk over the log meets it. */
type SeenRecord = { place: Place; hash: string | null; sequence: number | null; fields: JsonObject };

/** Watches the records go by, in order, and says at the end what came of it. */
export type Observer = { see(record: SeenRecord): void; end(chain: WalkedLog, found: ProblemList): CheckedSidecar[] };

/** Where something is told that concerns the log as a whole: behind its last byte. */
export function behind({ records, lines, sizeBytes }: WalkedLog): Place {
  return { record: records, line: lines + 1, byteOffset: sizeBytes, byteLength: 0 };
}

/** The name of a file without the folders it lies in. */
export function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
