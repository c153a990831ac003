import type { Decision } from '../event/fields';

const SEVERITIES = { 1: 'Informational', 2: 'Low', 3: 'Medium' } as const;
const STATUSES = { 0: 'Unknown', 1: 'Success', 2: 'Failure' } as const;
const ACTIONS = { 0: 'Unknown', 1: 'Allowed', 2: 'Denied', 3: 'Observed', 4: 'Modified' } as const;
const DISPOSITIONS = {
  0: 'Unknown',
  1: 'Allowed',
  2: 'Blocked',
  8: 'Approved',
  11: 'Corrected',
  14: 'Delayed',
  17: 'Logged',
  25: 'Rejected',
  27: 'Error',
} as const;

type Outcome = {
  readonly severity: keyof typeof SEVERITIES;
  readonly status: keyof typeof STATUSES;
  readonly action: keyof typeof ACTIONS;
  readonly disposition: keyof typeof DISPOSITIONS;
};

const OUTCOMES: Readonly<Record<Decision, Outcome>> = {
  allow: { severity: 1, status: 1, action: 1, disposition: 1 },
  local: { severity: 1, status: 1, action: 1, disposition: 1 },
  transform: { severity: 2, status: 1, action: 4, disposition: 11 },
  ask: { severity: 2, status: 0, action: 3, disposition: 14 },
  deny: { severity: 3, status: 2, action: 2, disposition: 2 },
  error: { severity: 3, status: 2, action: 0, disposition: 27 },
  info: { severity: 1, status: 0, action: 3, disposition: 17 },
};
/** What a person decided of a proposal. */
const REVIEWED: Readonly<Partial<Record<Decision, Outcome>>> = {
  allow: { ...OUTCOMES.allow, disposition: 8 },
  deny: { ...OUTCOMES.deny, disposition: 25 },
};

/** Severity, status, action and disposition of a decision: of a guardrail, or of a person who reviews proposals. */
export function outcome(decision: Decision, isReview: boolean) {
  const { severity, status, action, disposition } = (isReview ? REVIEWED[decision] : undefined) ?? OUTCOMES[decision];
  return {
    severity_id: severity,
    severity: SEVERITIES[severity],
    status_id: status,
    status: STATUSES[status],
    action_id: action,
    action: ACTIONS[action],
    disposition_id: disposition,
    disposition: DISPOSITIONS[disposition],
  };
}
