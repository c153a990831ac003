import type { RulesStated } from '../../../core/checks/reasons/comparison';
import type { Hasher } from '../../../core/chain/format';
import { VERDICTS, type Verdict, worst } from '../../../core/chain/verdict';
import { predicateOf } from '../../../core/statements/predicates';
import type { Claim } from '../../../core/statements/predicates/predicate';
import { levelOf } from '../../../core/statements/predicates/verification-summary';
import { passes } from '../../../core/statements/standing';
import type { Statement } from '../../../core/statements/statement';
import { excessSubjects } from '../../../core/statements/subjects-in-scope';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { compareSubjects } from './compare-subjects';
import { type Found, foundFor } from './find-subject';
import { holds } from './verdict-words';

const BY_LEVEL = new Map(VERDICTS.map((verdict) => [levelOf(verdict), verdict]));

export type Summarised = {
  rows: Row[];
  items: readonly Item[];
  isAbout: boolean;
  chain: readonly Item[] | null;
  noChain: Item | null;
};

/** Holds what a VSA, an SVR or a Test Result claims against the logs it is about, walked again. Null when it is another statement. */
export async function compareSummary(
  statement: Statement,
  {
    items,
    logs,
    pieces,
    hasher,
  }: {
    items: readonly Item[];
    logs: readonly Item[];
    /** Segments of chains, in order, as other statements here name them. */
    pieces: readonly (readonly string[])[];
    hasher: Hasher;
  },
): Promise<Summarised | null> {
  const stated = predicateOf(statement.predicateType)?.claims(statement.predicate) ?? null;
  if (!stated) return null;
  const claims = (found: Found | null) => stated.claims.map((claim) => claimRow(claim, found));
  const { row, matched } = compareSubjects(statement, items);
  const found = await foundFor(statement, logs, { pieces, hasher });
  const excess = excessRows(statement);
  if (!found)
    return {
      rows: [row, ...excess, ...(matched.length > 0 || stated.isOnLogs ? claims(null) : [])],
      items: matched,
      isAbout: matched.length > 0,
      chain: null,
      noChain: null,
    };
  const about = [...new Set([...matched, ...found.items])];
  const first: Row =
    matched.length > 0 ? row : { step: row.step, status: 'passed', reason: { code: 'logs-found', found: found.by } };
  return {
    rows: [first, ...excess, ...claims(found)],
    items: about,
    isAbout: true,
    chain: found.chain,
    noChain: found.noChain,
  };
}

/** A claim, once something was found that it is about. */
function claimRow(claim: Claim, found: Found | null): Row {
  switch (claim.kind) {
    case 'holds':
      return passedRow(claim.words, found);
    case 'fails':
      return failureRow(claim.words, found);
    case 'property':
      return propertyRow(claim.property, found);
    case 'rules':
      return rulesRow({ by: 'test', result: claim.result, rules: claim.rules, failed: claim.failed });
  }
}

/** Told whatever is here: who reads subjects alone takes every one of them for passed. */
function excessRows(statement: Statement): Row[] {
  const excess = excessSubjects(statement);
  return excess === null ? [] : [{ step: 'scope', status: 'failed', reason: excess }];
}

/** What rules found is taken from who signed it. */
export function rulesRow(stated: RulesStated): Row {
  return { step: 'rules', status: 'skipped', isWord: true, reason: { code: 'rules-not-run', stated } };
}

/** A claim that it does not hold. */
function failureRow(claim: string, found: Found | null): Row {
  const row = { step: 'claim', about: { claim } } as const;
  if (!found) return { ...row, status: 'skipped', reason: { code: 'no-log-here' } };
  const { by, verdict, hasUncovered } = found;
  if (!passes(found))
    return { ...row, status: 'passed', reason: { code: 'claim-holds', found: by, verdict, hasUncovered } };
  return { ...row, status: 'skipped', reason: { code: 'worse-claimed', verdict } };
}

/** A claim that it holds. */
function passedRow(claim: string, found: Found | null): Row {
  const row = { step: 'claim', about: { claim } } as const;
  if (!found) return { ...row, status: 'skipped', reason: { code: 'no-log-here' } };
  const { by, verdict, hasUncovered, extent } = found;
  const again = { found: by, verdict, hasUncovered };
  if (!passes(found))
    return {
      ...row,
      status: 'failed',
      reason: { code: 'claim-fails', ...again, ...(extent === 'around' && { found: null }) },
    };
  if (extent === 'piece') return { ...row, status: 'skipped', reason: { code: 'claim-on-a-piece', ...again } };
  return { ...row, status: 'passed', reason: { code: 'claim-holds', ...again } };
}

function propertyRow(property: string, found: Found | null): Row {
  const stated = BY_LEVEL.get(property);
  if (property === 'AUDIT_CHAIN_LINKS_VERIFIED' || property === 'AUDIT_CHAIN_NO_GAPS')
    return passedRow(property, found);
  if (stated === undefined)
    return {
      step: 'claim',
      about: { claim: property },
      status: 'skipped',
      isWord: true,
      reason: { code: 'not-shown-by-a-log', property },
    };
  return levelRow(property, stated, found);
}

function levelRow(claim: string, stated: Verdict, found: Found | null): Row {
  // Of picked records, or by the chain around them, it is known whether they hold, not how well.
  if (!found || (holds(stated) && (found.extent !== 'whole' || !passes(found)))) return passedRow(claim, found);
  const row = { step: 'claim', about: { claim } } as const;
  const { verdict } = found;
  if (stated === verdict) return { ...row, status: 'passed', reason: { code: 'level-compared', verdict } };
  if (worst(stated, verdict) === verdict)
    return { ...row, status: 'failed', reason: { code: 'level-compared', verdict } };
  return { ...row, status: 'skipped', reason: { code: 'worse-level-claimed', verdict } };
}
