/** What the signature over a payload is checked with. */
type By = { by: 'key' | 'certificate' };
/** What speaks for when a key signed: a verified time, or for want of one what the statement says of itself. */
type SignedAt = { validUntil: string; signedAt: { proven: boolean; at: string } | null };
type EntryName = { index: string; kind: string; version: string; logId: string };
type Identity = { subject: string; issuer: string };
/** A text of a library or of the platform, for people; `error` is its own code, null when it has none. */
type Foreign = { error: string | null; said: string };

const WHOSE = { key: 'the key the bundle names', certificate: 'the key of the certificate' } as const;
const PARTS = {
  'payload-type': 'payload type',
  signatures: 'number of signatures',
  'media-type': 'media type',
  keyid: 'DSSE keyid',
} as const;

/** Reasons of the steps of a bundle, each with its details in words. */
export const BUNDLE_REASONS = {
  'envelope-by-certificate': ({ mediaType }: { mediaType: string }) =>
    `${mediaType}, one signature, with a certificate`,
  'envelope-by-key': ({
    mediaType,
    hint,
    keyid,
    tried,
  }: {
    mediaType: string;
    hint: string;
    keyid: string;
    tried: string | null;
  }) => {
    const names =
      keyid === hint && hint !== ''
        ? `keyid and hint both ${hint}`
        : `hint ${hint || 'none'}, keyid ${keyid || 'none'}`;
    return `${mediaType}, one signature, ${names}${tried === null ? '' : `, which is no name of the key ${tried} that was tried`}`;
  },
  'not-an-object': () => 'expected a bundle, a JSON object',
  'bare-signature': () => 'the bundle holds a bare signature, not a DSSE envelope',
  'envelope-differs': ({ part, expected, found }: { part: keyof typeof PARTS; expected: string; found: string }) =>
    `${PARTS[part]}: expected ${expected || 'none'}, found ${found || 'none'}`,
  'unknown-key': ({ hint, known }: { hint: string; known: readonly string[] }) =>
    `the bundle names key ${hint || 'none'}, and the signature verifies with none of those known: ${known.join(', ') || 'none'}`,
  'unusable-key': () => 'the public key is no PEM of an SPKI',
  'neither-key-nor-certificate': () => 'the bundle names neither a key nor a certificate',
  unreadable: ({ said }: Foreign) => said,

  'signature-verifies': ({ by }: By) => `the signature over the payload and its type verifies with ${WHOSE[by]}`,
  'signed-in-use': ({ by, validUntil, signedAt }: By & SignedAt) =>
    `the signature over the payload and its type verifies with ${WHOSE[by]}; ${signedAtWords({ validUntil, signedAt }, true)}`,
  'signature-differs': ({ by }: By) => `the signature over the payload and its type does not verify with ${WHOSE[by]}`,
  'key-retired': ({ validUntil, signedAt }: SignedAt) => signedAtWords({ validUntil, signedAt }, false),
  'retirement-unreadable': ({ validUntil }: { validUntil: string }) =>
    `when its key was retired, ${validUntil}, is no time`,
  'envelope-not-read': () => 'not checked: the envelope cannot be read or names a key we do not know',

  'not-required': ({ carried }: { carried: number }) => `${carried} present, not checked: no trusted root`,
  'no-trusted-root': ({ carried }: { carried: number | null }) =>
    `${carried === null ? '' : `${carried} present, `}not checked: no trusted root`,
  'trusted-root-unreadable': ({ said }: Foreign) => `the trusted root cannot be read: ${said}`,
  'too-few': ({ required, carried }: { required: number; carried: number }) =>
    `at least ${required} required, the bundle carries ${carried}`,

  'certificate-verifies': ({
    subject,
    issuer,
    isAsked,
    notBefore,
    notAfter,
    isLogged,
  }: Identity & { isAsked: boolean; notBefore: string; notAfter: string; isLogged: boolean }) => {
    const accepted = isAsked ? 'as asked for' : 'any identity is accepted, as none was asked for';
    const logged = isLogged
      ? 'its entry in a certificate transparency log is signed'
      : 'the trusted root names no certificate transparency log';
    return `issued to ${identityWords({ subject, issuer })} (${accepted}); valid from ${notBefore} to ${notAfter}, as are those it chains to, at each proven time; ${logged}`;
  },
  'no-proven-time': ({ notBefore, notAfter, isCarried }: { notBefore: string; notAfter: string; isCarried: boolean }) =>
    `it is valid from ${notBefore} to ${notAfter}, and no verified timestamp or log entry proves that it signed then${isCarried ? ': what the bundle carries of that does not hold' : ''}`,
  'identity-not-accepted': ({
    subject,
    issuer,
    accepted,
  }: Identity & { /** Null: no certificate at all. */ accepted: readonly (Identity | null)[] }) =>
    `it is issued to ${identityWords({ subject, issuer })}; accepted is ${accepted.map((one) => (one === null ? 'no certificate, only a key' : identityWords(one))).join('; or ')}`,

  'timestamps-verify': ({ at, required }: { at: readonly string[]; required: number }) =>
    `${at.length} over this signature, by an authority of the trusted root: ${at.join(', ')}${requiredWords(required)}`,
  'timestamp-unreadable': ({ n, of, said }: Foreign & { n: number; of: number }) =>
    `timestamp ${n} of ${of} cannot be read: ${said}`,
  'timestamp-not-over-it': ({ n, of, authorities }: { n: number; of: number; authorities: number }) =>
    `timestamp ${n} of ${of}: it is not over this signature, or by none of the ${authorities} timestamp authorities of the trusted root`,
  'timestamp-refused': ({ n, of, said }: Foreign & { n: number; of: number }) => `timestamp ${n} of ${of}: ${said}`,

  'entries-verify': ({
    entries,
    required,
  }: {
    entries: readonly (EntryName & {
      hasSignedTime: boolean;
      /** Entries of the log in the checkpoint its proof leads to; null without a proof. */
      treeSize: string | null;
    })[];
    required: number;
  }) =>
    `${entries.map((entry) => `${entryWords(entry)} is about this payload and signature; ${heldBy(entry)}`).join('; ')}${requiredWords(required)}`,
  'entry-refused': ({ entry, said }: Foreign & { entry: EntryName }) => `${entryWords(entry)}: ${said}`,
  'entry-contradicts-itself': ({
    entry,
    part,
    stated,
    signed,
  }: {
    entry: EntryName;
    part: 'tree-size' | 'root' | 'index';
    /** Outside of what the log signed. */
    stated: string;
    signed: string;
  }) => `${entryWords(entry)}: ${CONTRADICTIONS[part](stated, signed)}`,

  'library-refuses': ({ said }: Foreign) => said,

  'statement-reads': ({
    subjects,
    predicateType,
    says,
  }: {
    subjects: number;
    predicateType: string;
    /** What its predicate says, in words; null for a type that is not known here. */
    says: string | null;
  }) => {
    const named = `${subjects} ${subjects === 1 ? 'subject' : 'subjects'}`;
    return says === null
      ? `${named}; its predicate, ${predicateType}, is of a type not known here`
      : `${named}; ${says}`;
  },
  'no-statement': ({ issues }: { issues: string }) => `the payload is no in-toto Statement v1: ${issues}`,
  'predicate-breaks-schema': ({ issues }: { issues: string }) => `the predicate does not follow its schema: ${issues}`,
  'payload-not-proven': () => 'not checked: the payload is not proven to be signed by a trusted key or certificate',
  'no-proven-statement': () => 'not checked: there is no proven statement',

  'subject-matches': ({ sha256, name }: { sha256: string; name: string | null }) =>
    `SHA-256 of the bytes, ${sha256}, is that of subject ${name === null ? 'without a name' : `"${name}"`}`,
  'subject-differs': ({ sha256, subjects }: { sha256: string; subjects: readonly (string | null)[] }) =>
    `the bytes have SHA-256 ${sha256}; the statement is about ${subjects.map((digest) => digest ?? 'a subject without SHA-256').join(', ')}`,
  'names-too-much': ({
    favour,
    excerpt,
    sha256,
    more,
  }: {
    favour: string;
    excerpt: string;
    sha256: string | null;
    more: readonly string[];
  }) =>
    `it says ${favour} of the excerpt "${excerpt}" (SHA-256 ${sha256 ?? 'none'}) alone, and names ${more.length} more beside it that this is not about: ${more.slice(0, 3).join(', ')}${more.length > 3 ? ', …' : ''}. Ask for a new attestation; this one says nothing of any other file`,

  'segments-stored': ({ segments }: { segments: number }) =>
    `${segments} of ${segments} segments are stored under the digests the statement names`,
  'segments-damaged': () => 'bytes of them that are stored are gone or were altered',
  'segments-missing': ({ segments, missing }: { segments: number; missing: number }) =>
    `${missing} of ${segments} segments are missing`,
} as const;

const CONTRADICTIONS = {
  'tree-size': (stated: string, signed: string) =>
    `its proof is for a tree of ${stated}, its checkpoint for one of ${signed}`,
  root: (stated: string, signed: string) => `its proof names root ${stated}, its checkpoint ${signed}`,
  index: (stated: string, signed: string) => `it says it is entry ${stated}, its proof is for ${signed}`,
} as const;

function signedAtWords({ validUntil, signedAt }: SignedAt, isInUse: boolean): string {
  const retired = `its key was retired at ${validUntil}`;
  if (signedAt === null) return `${retired}, and nothing says when it signed this`;
  if (signedAt.proven) return `${retired}, and the earliest verified time of the signature is ${signedAt.at}`;
  return `${retired}, and the statement is of ${signedAt.at} by its own word${isInUse ? ': no verified time proves it' : ''}`;
}

function identityWords({ subject, issuer }: Identity): string {
  return `${subject || 'nobody'}, vouched for by ${issuer || 'nobody'}`;
}

function requiredWords(required: number): string {
  return required > 0 ? `; at least ${required} required` : '';
}

function entryWords({ index, kind, version, logId }: EntryName): string {
  return `entry ${index} (${kind} ${version}) of log ${logId.slice(0, 16)}`;
}

function heldBy({ hasSignedTime, treeSize }: { hasSignedTime: boolean; treeSize: string | null }): string {
  const promise = hasSignedTime ? ['the log signed its time'] : [];
  const proof =
    treeSize === null ? [] : [`its proof leads to the root the log's checkpoint of ${treeSize} entries signs`];
  return [...promise, ...proof].join(', ');
}
