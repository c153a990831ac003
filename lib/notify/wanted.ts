import { OWN_CHAIN } from '../core/own-chain';
import { LEVELS, type Level } from '../core/rules/rule';
import type { NotificationFilter, ToldEvent } from '../schemas/notifications';
import type { z } from 'zod';

/** What there is to tell, as far as somebody may want it or not. */
export type Happening = {
  event: z.output<typeof ToldEvent>;
  /** Of a finding. */
  rule: { id: string; level: Level } | null;
  /** Names of the chains it is about. */
  chains: readonly string[];
};

/** Whether a destination is told of it. */
export function isWanted({ events, minLevel, ruleIds, chains }: NotificationFilter, what: Happening): boolean {
  const { event, rule, chains: named } = what;
  return (
    events.some((one) => one === event) &&
    (!rule || LEVELS.indexOf(rule.level) <= LEVELS.indexOf(minLevel)) &&
    (!rule || ruleIds.length === 0 || ruleIds.includes(rule.id)) &&
    // What is done here is told to those who ask for it by its name alone.
    (!named.includes(OWN_CHAIN.name) || chains.includes(OWN_CHAIN.name)) &&
    (chains.length === 0 || named.some((name) => chains.some((pattern) => isLike(pattern, name))))
  );
}

/** Whether a name is of a pattern: `*` is any text, `?` one character. As long as the two of them multiplied, at most. */
export function isLike(pattern: string, name: string): boolean {
  const wanted = [...pattern];
  const given = [...name];
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let from = 0; from < given.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      starAt = from;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[from])) {
      at += 1;
      from += 1;
    } else if (star !== -1) {
      at = star + 1;
      from = ++starAt;
    } else return false;
  }
  return wanted.slice(at).every((one) => one === '*');
}
