import { type Bundle, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { type CheckResult, Refusal, failed, passed } from '../../checks/check';
import { schemaIssues } from '../schema-issues';
import { Statement } from '../statement';

/** @throws Refusal when the payload is no in-toto Statement v1, and what the platform throws when it is no JSON in UTF-8. */
export function readStatement(bundle: Bundle): Statement {
  if (!isBundleWithDsseEnvelope(bundle)) throw new Refusal({ code: 'bare-signature' });
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bundle.content.dsseEnvelope.payload);
  const payload: unknown = JSON.parse(text);
  const statement = Statement.safeParse(payload);
  if (!statement.success) throw new Refusal({ code: 'no-statement', issues: schemaIssues(statement.error.issues) });
  return statement.data;
}

/** Whether a subject has this SHA-256, in lower-case hex. */
export function checkSubject({ subject }: Statement, sha256: string): CheckResult {
  const match = subject.find(({ digest }) => digest.sha256 === sha256);
  if (!match)
    return failed({ code: 'subject-differs', sha256, subjects: subject.map(({ digest }) => digest.sha256 ?? null) });
  return passed({ code: 'subject-matches', sha256, name: match.name || null });
}
