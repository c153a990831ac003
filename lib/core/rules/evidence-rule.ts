/** `rule_id` of findings that are about this installation's own evidence: no rule over records made them. */
export const EVIDENCE_RULE_ID = 'sealtrail.evidence';
