/** Something that is not as it should be: what, where, and what was found instead. */
export type Drift = {
  kind:
    | 'object-missing'
    | 'object-altered'
    /** Bytes that were deleted are there. */
    | 'object-left'
    | 'bundle-invalid'
    | 'segments-apart'
    | 'check-differs'
    | 'head-differs'
    | 'tail-differs'
    | 'lake-differs'
    | 'tree-differs'
    | 'log-altered'
    | 'log-lacks'
    /** A column is not what evidence, bundles and the log give. */
    | 'row-differs'
    /** What they give has no row. */
    | 'row-missing'
    /** A row nothing gives. */
    | 'row-unfounded';
  /** The chain it concerns; null for an object that belongs to several or none. */
  chain: string | null;
  /** Digest, segment or column. */
  what: string;
  expected: string;
  found: string;
  /** Where it stands; null for bytes. */
  at: { table: string; row: string; column: string } | null;
};

/** How far an examination has come; bytes are those of evidence. */
export type Examined = { objects: number; bytes: number; bundles: number; chains: number; records: number };

export type Reporter = {
  drift(drift: Omit<Drift, 'at'> & { at?: Drift['at'] }): void;
  examined: Examined;
  /** What is looked at now, in words. */
  doing(what: string): void;
};
