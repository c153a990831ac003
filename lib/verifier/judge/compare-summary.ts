import type { Hasher } from '../../core/chain/format';
import { VERDICTS, type Verdict, worst } from '../../core/chain/verdict';
import { INTEGRITY_TEST, TEST_RESULT_TYPE, TestResult } from '../../core/statements/predicates/test-result';
import { SVR_TYPE, VerificationResult } from '../../core/statements/predicates/verification-result';
import { VSA_TYPE, VerificationSummary, levelOf } from '../../core/statements/predicates/verification-summary';
import { passes } from '../../core/statements/standing';
import type { Statement } from '../../core/statements/statement';
import { excessSubjects } from '../../core/statements/subjects-in-scope';
import type { Item } from '../item';
import type { Row } from '../outcome';
import { compareSubjects } from './compare-subjects';
import { type Found, foundFor } from './find-subject';
import { holds } from './verdict-words';
import { some } from './words';

/** Why a property cannot be shown by a log. */
const WORDS: Readonly<Record<string, string>> = {
  AUDIT_CHAIN_WITNESSED: 'that a head of the chain was seen earlier is known to who saw it',
  AUDIT_CHAIN_TOOL_ATTESTATION_VERIFIED: 'it speaks of what other tools attested; drop that with the log to have it checked',
  AUDIT_RULES_NO_HIGH_FINDINGS: 'rules are not run in the browser',
};
const BY_LEVEL = new Map(VERDICTS.map((verdict) => [levelOf(verdict), verdict]));

export type Summarised = { rows: Row[]; items: readonly Item[]; isAbout: boolean; chain: readonly Item[] | null; noChain: Item | null };

/** Holds what a VSA, an SVR or a Test Result claims against the logs it is about, walked again. Null when it is another statement. */
export async function compareSummary(statement: Statement, { items, logs, pieces, hasher }: { items: readonly Item[]; logs: readonly Item[]; /** Segments of chains, in order, as other statements here name them. */ pieces: readonly (readonly string[])[]; hasher: Hasher }): Promise<Summarised | null> {
  const claims = claimsOf(statement);
  if (!claims) return null;
  const { row, matched } = compareSubjects(statement, items);
  const found = await foundFor(statement, logs, { pieces, hasher });
  const excess = excessRows(statement);
  if (!found) return { rows: [row, ...excess, ...(matched.length > 0 || statement.predicateType === TEST_RESULT_TYPE ? claims(null) : [])], items: matched, isAbout: matched.length > 0, chain: null, noChain: null };
  const about = [...new Set([...matched, ...found.items])];
  const first: Row = matched.length > 0 ? row : { outcome: 'holds', title: row.title, detail: found.told };
  return { rows: [first, ...excess, ...claims(found)], items: about, isAbout: true, chain: found.chain, noChain: found.noChain };
}

/** What it claims, as rows once something was found that it is about. */
function claimsOf({ predicateType, predicate }: Statement): ((found: Found | null) => Row[]) | null {
  if (predicateType === VSA_TYPE) {
    const { data } = VerificationSummary.safeParse(predicate);
    return data ? (found) => [resultRow(data.verificationResult, found), ...data.verifiedLevels.filter((level) => level !== 'FAILED').map((level) => propertyRow(level, found))] : null;
  }
  if (predicateType === SVR_TYPE) {
    const { data } = VerificationResult.safeParse(predicate);
    return data ? (found) => data.properties.map((property) => propertyRow(property, found)) : null;
  }
  if (predicateType === TEST_RESULT_TYPE) {
    const { data } = TestResult.safeParse(predicate);
    return data ? (found) => [...integrityRows(data, found), rulesRow(`it says ${data.result} of ${rulesIn(data)} rules${failedRules(data).length > 0 ? `, with serious findings of ${some(failedRules(data))}` : ''}`)] : null;
  }
  return null;
}

function failedRules({ failedTests = [] }: TestResult): string[] {
  return failedTests.filter((test) => test !== INTEGRITY_TEST);
}

function rulesIn({ passedTests = [], warnedTests = [], failedTests = [] }: TestResult): number {
  return [...passedTests, ...warnedTests, ...failedTests].filter((test) => test !== INTEGRITY_TEST).length;
}

/** What a Test Result says of the log itself: by its first test, or by passing at all. */
function integrityRows({ result, failedTests = [] }: TestResult, found: Found | null): Row[] {
  if (failedTests.includes(INTEGRITY_TEST)) return [resultRow('FAILED', found, 'It says the log does not hold')];
  return result === 'FAILED' ? [] : [found ? passedRow(`It says ${result}`, found) : { outcome: 'unchecked', title: `It says ${result}`, detail: 'Not checked: no log is here that it is about.' }];
}

/** Told whatever is here: who reads subjects alone takes every one of them for passed. */
function excessRows(statement: Statement): Row[] {
  const excess = excessSubjects(statement);
  return excess === null ? [] : [{ outcome: 'fails', title: 'It names no more than its result is about', detail: `${excess.slice(0, 1).toUpperCase()}${excess.slice(1)}.` }];
}

/** What rules found is taken from who signed it. */
export function rulesRow(said: string): Row {
  return { outcome: 'unchecked', isWord: true, title: 'What rules found', detail: `Not checked: rules are not run in the browser; ${said}.` };
}

function resultRow(result: 'PASSED' | 'FAILED', found: Found | null, title = `It says ${result}`): Row {
  if (!found) return { outcome: 'unchecked', title, detail: 'Not checked: no log is here that it is about.' };
  if (result === 'PASSED') return passedRow(title, found);
  if (!passes(found)) return { outcome: 'holds', title, detail: `${found.told} ${hereWords(found)}` };
  return { outcome: 'unchecked', title, detail: `Walked again here, it is ${found.verdict}. Who said otherwise may know from what it saw before or beside the log.` };
}

function passedRow(title: string, found: Found): Row {
  const { told, verdict, extent } = found;
  if (!passes(found)) return { outcome: 'fails', title, detail: `${extent === 'around' ? 'It is about some of these records, whose excerpt is not here.' : told} ${hereWords(found)}` };
  if (extent === 'piece') return { outcome: 'unchecked', title, detail: `${told} What is here of it, walked again, is ${verdict}; the rest is not here.` };
  return { outcome: 'holds', title, detail: `${told} ${hereWords(found)}` };
}

function hereWords({ verdict, hasUncovered }: Found): string {
  return `Walked again here, it is ${verdict}${hasUncovered ? ', with content that no hash covers' : ''}.`;
}

function propertyRow(property: string, found: Found | null): Row {
  const stated = BY_LEVEL.get(property);
  const title = `It says ${property}`;
  if (property === 'AUDIT_CHAIN_LINKS_VERIFIED' || property === 'AUDIT_CHAIN_NO_GAPS') return found ? passedRow(title, found) : { outcome: 'unchecked', title, detail: 'Not checked: no log is here that it is about.' };
  if (stated === undefined) return { outcome: 'unchecked', isWord: true, title, detail: `Not checked here: ${WORDS[property] ?? 'nothing is known here of what it means'}.` };
  return found ? levelRow(title, stated, found) : { outcome: 'unchecked', title, detail: 'Not checked: no log is here that it is about.' };
}

function levelRow(title: string, stated: Verdict, found: Found): Row {
  const { verdict, extent } = found;
  const here = `Walked again here, it is ${verdict}.`;
  // Of picked records, or by the chain around them, it is known whether they hold, not how well.
  if (holds(stated) && (extent !== 'whole' || !passes(found))) return passedRow(title, found);
  if (stated === verdict) return { outcome: 'holds', title, detail: here };
  if (worst(stated, verdict) === verdict) return { outcome: 'fails', title, detail: here };
  return { outcome: 'unchecked', title, detail: `${here} Who said worse may know from what it saw before or beside the log.` };
}
