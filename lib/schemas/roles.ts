/** From the one that may do everything to the one that changes nothing. */
export const ROLES = ['administrator', 'analyst', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

const WORKS = ['administrator', 'analyst'] as const;

/** What can be needed of those who call: a signed-in person of one of `roles`, or a token with `scope` whose maker has one of them. */
type Need = { roles: readonly Role[]; scope: 'read' | 'ingest' | null };

/** Every need a route or a page can declare. Who may do what is decided by this table alone. */
export const NEEDS = {
  /** What is about the person who is signed in, and what anybody signed in may see. */
  person: { roles: ROLES, scope: null },
  /** What somebody needs to set up a second factor, who is let into nothing else before it. */
  enrolment: { roles: ROLES, scope: null },
  /** Reads and exports, and keeps nothing. */
  read: { roles: ROLES, scope: 'read' },
  /** Reads who did what. */
  activity: { roles: ['administrator', 'auditor'], scope: 'read' },
  /** Has an evidence package made. */
  package: { roles: WORKS, scope: 'read' },
  /** Sends logs, ends chains and asks for attestations. */
  ingest: { roles: WORKS, scope: 'ingest' },
  /** Triage, rules and cases. */
  analyst: { roles: WORKS, scope: null },
  /** Access, keys, policies, settings and deletion. */
  administrator: { roles: ['administrator'], scope: null },
} as const satisfies Record<string, Need>;
export type NeedName = keyof typeof NEEDS;

export function hasRoleFor(role: Role, need: NeedName): boolean {
  const { roles }: Need = NEEDS[need];
  return roles.includes(role);
}

export const ROLE_LABEL: Record<Role, string> = {
  administrator: 'Administrator',
  analyst: 'Analyst',
  auditor: 'Auditor',
};

/** What each may do, in a phrase. */
export const ROLE_MEANS: Record<Role, string> = {
  administrator: 'everything, people, keys, policies and settings included',
  analyst: 'uploads, triage, rules, cases, attestations and evidence packages',
  auditor: 'reads and exports everything, and changes nothing',
};
