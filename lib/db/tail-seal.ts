import 'server-only';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { TailPiecesTable, TailsTable } from './tail-tables';

/** What a seal of a tail is over: which of the pieces there must be, and how far the chain reaches with them. */
type Extent = Pick<Selectable<TailsTable>, 'chain_id' | 'version' | 'closed_bytes' | 'size_bytes' | 'complete_bytes'>;
type Place = Pick<TailPiecesTable, 'chain_id' | 'byte_offset'>;

/**
 * Seals what is open with a key that is not in the database: someone who can write rows alone can neither change bytes nor remove any without being noticed.
 * `id` names the key; what was sealed by another, or not at all, can be compared with its digests only.
 */
export type TailSeals = {
  id: string;
  ofPiece(place: Place, sha256: Buffer): Buffer;
  ofTail(extent: Extent): Buffer;
  /** Called when what is open of a chain is found altered; never awaited. */
  altered(chainId: string): void;
};

/** Seals by a key derived from the installation's secret. */
export function createTailSeals(secret: string, altered: TailSeals['altered'] = () => undefined): TailSeals {
  const key = createHmac('sha256', secret).update('sealtrail tail seal v1').digest();
  const mac = (...parts: (string | number)[]) => createHmac('sha256', key).update(parts.join('\n')).digest();
  return {
    id: createHash('sha256').update(key).digest('hex').slice(0, 16),
    ofPiece: ({ chain_id: chainId, byte_offset: at }, sha256) => mac('piece', chainId, at, sha256.toString('hex')),
    ofTail: ({ chain_id: chainId, version, closed_bytes: closed, size_bytes: size, complete_bytes: complete }) =>
      mac('tail', chainId, version, closed, size, complete),
    altered,
  };
}

/** A piece as it is stored. */
export function sealedPiece(seals: TailSeals, place: Place, bytes: Buffer): TailPiecesTable {
  const sha256 = createHash('sha256').update(bytes).digest();
  return { ...place, bytes, sha256, seal: seals.ofPiece(place, sha256) };
}

export function isSame(a: Buffer | null, b: Buffer): boolean {
  return a !== null && a.length === b.length && timingSafeEqual(a, b);
}
