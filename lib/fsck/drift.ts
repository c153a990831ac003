/** Something that is not as it should be: what, where, and what was found instead. */
export type Drift = {
  kind: 'object-missing' | 'object-altered' | 'bundle-invalid' | 'segments-apart' | 'check-differs' | 'head-differs' | 'tail-differs' | 'lake-differs' | 'tree-differs' | 'log-altered' | 'log-lacks';
  /** The chain it concerns; null for an object that belongs to several or none. */
  chain: string | null;
  /** Digest, segment or column. */
  what: string;
  expected: string;
  found: string;
};

/** How far an examination has come; bytes are those of evidence. */
export type Examined = { objects: number; bytes: number; bundles: number; chains: number; records: number };

export type Reporter = { drift(drift: Drift): void; examined: Examined };
