import { type Bundle, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { schemaIssues } from '../schema-issues';
import { Statement } from '../statement';

/** @throws Error when the payload is no in-toto Statement v1 in UTF-8 JSON. */
export function readStatement(bundle: Bundle): Statement {
  if (!isBundleWithDsseEnvelope(bundle)) throw new Error('the bundle holds no DSSE envelope');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bundle.content.dsseEnvelope.payload);
  const payload: unknown = JSON.parse(text);
  const statement = Statement.safeParse(payload);
  if (!statement.success) throw new Error(`the payload is no in-toto Statement v1: ${schemaIssues(statement.error.issues)}`);
  return statement.data;
}

/** @throws Error naming both digests when no subject has this SHA-256, in lower-case hex. */
export function checkSubject({ subject }: Statement, sha256: string): string {
  const match = subject.find(({ digest }) => digest.sha256 === sha256);
  if (!match) throw new Error(`the bytes have SHA-256 ${sha256}; the statement speaks of ${subject.map(({ digest }) => digest.sha256 ?? 'a subject without SHA-256').join(', ')}`);
  return `SHA-256 of the bytes, ${sha256}, is that of subject ${match.name ? `"${match.name}"` : 'without a name'}`;
}
