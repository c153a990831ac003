/** The policy verification goes by, as `/policies/<sha256>` publishes it. A text that changes is a new policy with a digest of its own; the old one stays in `POLICIES`. */
const TEXT = `# Audit chain policy

What Sealtrail checks before a SLSA Verification Summary or an in-toto Test Result says PASSED, or a Simple Verification Result
names a property. The verdict is on the bytes of the statement's subjects and on no others.

1. Every line is a record of the log's format. A line that cannot be read is \`corrupt\`.
2. The hash stored with each record is the digest of what the format's own rule covers, recomputed over the bytes as they lie there.
   A record whose hash differs is \`tampered\`.
3. Each record names the hash of the record before it, from the format's genesis on, and its sequence number follows where the
   format has one. What does not fit is \`tampered\`, \`forked\` or a \`gap\`. In an excerpt of a chain the first record is taken to fit
   what came before it.
4. The chain is no shorter than, and agrees with, every head that was seen of it before, and with the session files, ledgers,
   anchors and signatures that were given beside it. Otherwise it is \`truncated\` or \`tampered\`, and so is every part of it that
   this casts doubt on.
5. A writer that began a new chain in the same file as its format does makes the log \`restarted\`; what is said to be re-serialised
   still hashes to the same value. Neither breaks the chain.
6. No content lies outside the hashes: no record from before the chain began, no member that the hash does not cover, no member
   given twice.

PASSED: rules 1 to 4 hold (\`verified\`, \`verified-with-warnings\` or \`restarted\`) and so does rule 6. Anything else is FAILED.

Of a session or a run, whose records need not follow one another, every record from its first to its last has to hold: a record
that is missing or changed in between may have been one of them.

A Test Result fails its first test, \`audit-chain-integrity\`, when the above fails, whatever the detection rules found. A detection
rule fails when it found something of level high or critical, and warns when it found something milder.
`;

export type Policy = { name: string; text: string /** Of the text in UTF-8, lower-case hex. */; sha256: string };

export const AUDIT_CHAIN_POLICY: Policy = {
  name: 'audit-chain.md',
  text: TEXT,
  sha256: '694ac18f51d7cfc3cfe9208d6da5abc38017b0651cee2938216f7a0b665a53a0',
};

/** The policy by its content, RFC 6920: what names it where no server publishes it. */
export function policyName({ sha256 }: Policy): string {
  const bytes = String.fromCharCode(...(sha256.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
  return `ni:///sha-256;${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** Every policy a statement was ever made under, newest first. */
export const POLICIES: readonly Policy[] = [AUDIT_CHAIN_POLICY];
