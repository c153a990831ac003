import 'server-only';
import { AppError } from '../../core/errors';
import { EVIDENCE_RULE_ID } from '../../core/rules/evidence-rule';
import { isIntegrityRule, parseIntegrityRule } from '../../core/rules/integrity/parse';
import { parseRuleFile } from '../../core/rules/parse';
import type { Db } from '../../db/database';
import { EVIDENCE_RULE } from '../../db/evidence-damage';
import type { Finding, FindingInFull } from '../../schemas/findings';
import { listedRecords } from './listed-records';

type RuleWords = Pick<FindingInFull, 'description' | 'falsePositives' | 'tags' | 'atlas' | 'owasp' | 'runbook'>;

/** Of each finding what its rule says, with its text as it ran, and the records that prove it; one that is gone by now is left out. */
export async function findingsInFull(db: Db, findings: readonly Finding[]): Promise<FindingInFull[]> {
  if (findings.length === 0) return [];
  const ids = findings.map(({ id }) => id);
  const rows = await db.selectFrom('findings').select(['id', 'rule_yaml', 'records']).where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const said = new Map<string, RuleWords>();
  return findings.flatMap((finding) => {
    const row = byId.get(finding.id);
    if (!row) return [];
    const part = 'rule' in finding.measures ? finding.measures.rule : undefined;
    const key = JSON.stringify([finding.ruleDigest, part]);
    const words = said.get(key) ?? ruleWords(finding.ruleId, row.rule_yaml, part);
    said.set(key, words);
    return [{ ...finding, ...words, ruleYaml: row.rule_yaml, records: listedRecords(row.records) }];
  });
}

const NOTHING: RuleWords = { description: '', falsePositives: [], tags: [], atlas: [], owasp: [], runbook: '' };

/** A text that another version ran and this one does not read says nothing here; it stands in `ruleYaml`. */
function ruleWords(ruleId: string, yaml: string, part: string | undefined): RuleWords {
  try {
    const { description, falsePositives, tags, atlas, owasp, runbook } = readRule(ruleId, yaml, part);
    return { description, falsePositives, tags, atlas, owasp, runbook };
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_REQUEST') return NOTHING;
    throw error;
  }
}

/** Of a rule of the file that found something by itself its own. */
function readRule(ruleId: string, yaml: string, part: string | undefined): RuleWords {
  if (ruleId === EVIDENCE_RULE_ID) return EVIDENCE_RULE;
  if (isIntegrityRule(yaml, ruleId)) return parseIntegrityRule(yaml, ruleId);
  const rule = parseRuleFile(yaml, ruleId);
  return rule.generated.find(({ name }) => name === part) ?? rule;
}
