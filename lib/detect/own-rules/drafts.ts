import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Context } from '../../context';
import { cloneText } from '../../core/rules/clone';
import { NoRuleError, ruleOfSearch } from '../../core/rules/of-search';
import { parseSearch } from '../../core/search/parse';
import { SearchError } from '../../core/search/search';
import { getRule } from '../rules';

/** A text to begin with, and why it is not the one that was asked for. */
export type Draft = { yaml: string; refused: string | null };

const MAX_TITLE = 120;

/** One that says where things go. */
export function emptyDraft(): Draft {
  return {
    refused: null,
    yaml: `title: Many refused calls in a session
id: ${randomUUID()}
status: experimental
description: ''
correlation:
  type: event_count
  rules:
    - refused
  group-by:
    - session_id
  timespan: 15m
  condition:
    gte: 5
level: medium
---
title: A call that was refused
name: refused
logsource:
  product: ai_agent
  service: guardrail
detection:
  selection:
    decision: deny
  condition: selection
`,
  };
}

/** A text that finds what a search finds; an empty one where a rule cannot ask what the search does. */
export function searchDraft(q: string, name: string): Draft {
  const title = (name.trim() || (q.trim() === '' ? 'Every record' : `Records found by ${q.trim()}`)).slice(
    0,
    MAX_TITLE,
  );
  try {
    const { search } = parseSearch(q);
    const yaml = ruleOfSearch(search, { id: randomUUID(), title, description: `What the search ${q} finds.` });
    return { yaml, refused: null };
  } catch (error) {
    if (error instanceof NoRuleError || error instanceof SearchError)
      return { ...emptyDraft(), refused: `The search did not become a rule. ${error.message}` };
    throw error;
  }
}

/** The text of another rule under an id of its own. @throws AppError NOT_FOUND. */
export async function cloneDraft(ctx: Context, { ruleId }: { ruleId: string }): Promise<Draft> {
  const { yaml } = await getRule(ctx, { ruleId });
  return { yaml: cloneText(yaml, { id: ruleId, newId: randomUUID() }), refused: null };
}
