type Named = { origin: string; known: readonly string[] };

const PARTS = {
  'tree-root': 'root of the tree',
  'checkpoint-size': 'size in the checkpoint',
  'checkpoint-root': 'root in the checkpoint',
  'log-root': 'root of the log',
  'entry-bundle': 'bundle the entry names',
} as const;

/** What is not of the form it must have, and what that form is. */
const FORMS = {
  'checkpoint-lines': 'not a checkpoint: its lines are an origin, a number of leaves, a root',
  'checkpoint-root': 'not a checkpoint: its root is no SHA-256 in base64',
  'checkpoint-extension': 'not a checkpoint: an extension line is empty',
  'verifier-key': 'a verifier key reads name+id+key, the key in base64',
  'verifier-key-kind': 'the verifier key is neither an Ed25519 key (01) nor one for Ed25519 cosignatures (04)',
  'signed-note': 'not a signed note: a text, an empty line, signatures',
  'signature-line': 'not a signature line: a dash, the name of a key, a signature in base64',
  'signature-line-end': 'a signature line ends in a newline',
  'tlog-proof': 'not a proof: it does not begin with c2sp.org/tlog-proof@v1',
  'tlog-proof-index': 'not a proof: the index of the leaf is missing',
  'tlog-proof-hashes': 'not a proof: its hashes are no SHA-256 in base64',
} as const;

/** Reasons of the steps of a record proof, each with its details in words. */
export const PROOF_REASONS = {
  'proof-reads': ({ ordinal, sizeBytes, records }: { ordinal: number; sizeBytes: number; records: number }) =>
    `record ${ordinal}, ${sizeBytes} bytes, of a chain of ${records} records`,
  malformed: ({ form }: { form: keyof typeof FORMS }) => FORMS[form],
  'verifier-key-id': ({ id }: { id: string }) => `the verifier key's id, ${id}, is not that of its name and key`,
  'no-proof': ({ issues }: { issues: string }) => issues,
  'proof-differs': ({ part, expected, found }: { part: keyof typeof PARTS; expected: string; found: string }) =>
    `${PARTS[part]}: expected ${expected}, found ${found}`,
  included: ({ hashes, rootHash, records }: { hashes: number; rootHash: string; records: number }) =>
    `its hash and ${hashes} others lead to the root ${rootHash} over ${records} records`,
  'wrong-hashes': ({ hashes, ordinal, records }: { hashes: number; ordinal: number; records: number }) =>
    `${hashes} hashes are not what proves record ${ordinal} of ${records}`,
  'checkpoint-signed': ({ origin, keyId }: { origin: string; keyId: string }) =>
    `signed as ${origin} with key ${keyId}`,
  'no-log-key': ({ origin, size }: { origin: string; size: number }) =>
    `${origin} of ${size} records; its signature was not checked, as the log's verifier key is not known`,
  'checkpoint-of-another': ({ origin, known }: Named) =>
    `the checkpoint is of ${origin}; the keys given are of ${known.join(', ')}`,
  'entry-of-another-log': ({ origin, known }: Named) =>
    `the entry is in the log ${origin}; the keys given are of ${known.join(', ')}`,
  'not-signed-by': ({ key, signers }: { key: string; signers: readonly string[] }) =>
    `no signature by ${key}; signed by ${signers.join(', ')}`,
  'note-signature-differs': ({ key }: { key: string }) => `the signature by ${key} does not hold`,
  'head-named': ({ name, rootHash, records }: { name: string; rootHash: string; records: number }) =>
    `subject "${name}" is the root ${rootHash} over ${records} records`,
  'head-not-named': ({
    rootHash,
    records,
    named,
  }: {
    rootHash: string;
    records: number;
    named: readonly (string | null)[];
  }) =>
    `expected a subject of ${records} records with root ${rootHash}, found ${named.join(', ') || 'no head of a tree'}`,
  'nobody-trusted': () =>
    'no trusted key signed the head: give the public key or trusted root of the bundle, or the verifier key of the log',
  'no-entry': () => 'the proof holds no entry of the log, which witnesses would have cosigned',
  'entry-without-bundle': () => 'there is an entry of the log and no bundle it could be about',
  'not-cosigned': ({ witnesses }: { witnesses: readonly string[] }) =>
    `none of the witnesses given, ${witnesses.join(', ')}, cosigned the log`,
  'entry-included': ({
    index,
    size,
    origin,
    cosignedAt,
  }: {
    index: number;
    size: number;
    origin: string;
    cosignedAt: readonly { witness: string; at: string }[];
  }) =>
    `entry ${index} of ${size} in ${origin}${cosignedAt.map(({ witness, at }) => `, cosigned by ${witness} at ${at}`).join('')}`,
} as const;
