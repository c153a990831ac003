/** What is not what was stored, by the digest of the object or `tail:<chain id>`. Rows stay when it is put right. */
export type EvidenceDamageTable = {
  subject: string;
  kind: 'altered' | 'missing' | 'unreadable';
  noticed_at: Date;
  /** When it was last found so. */
  seen_at: Date;
  healed_at: Date | null;
};

/** The pass over all evidence that is under way, and the last that came to its end. */
export type EvidenceSweepTable = {
  id: number;
  /** The digest looked at last; empty at the beginning. */
  position: string;
  started_at: Date;
  objects: number;
  bytes: number;
  last_started_at: Date | null;
  last_ended_at: Date | null;
  last_objects: number | null;
  last_bytes: number | null;
  /** Of several workers the one that holds this goes on. */
  lease_until: Date;
};
