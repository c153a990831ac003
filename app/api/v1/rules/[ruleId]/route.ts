import { handler } from '@/app/_server/handler';
import { editRule } from '@/lib/detect/own-rules/save-rule';
import { switchRule } from '@/lib/detect/own-rules/switch-rule';
import { getRule } from '@/lib/detect/rules';
import { RuleDetail, RuleEdit, RuleParams, RuleSwitch } from '@/lib/schemas/rules';

export const GET = handler(
  {
    summary: 'One rule with its text and what to do about its findings.',
    access: 'read',
    params: RuleParams,
    response: RuleDetail,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  ({ ctx, params }) => getRule(ctx, params),
);

export const PUT = handler(
  {
    summary: 'Keeps another text of a rule written here as its next version.',
    access: 'analyst',
    params: RuleParams,
    body: RuleEdit,
    response: RuleDetail,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  ({ ctx, actor, params, body, request: { signal } }) => editRule(ctx, { ...params, ...body, actor, signal }),
);

export const PATCH = handler(
  {
    summary: 'Has a rule run, or no longer. What it found stands.',
    access: 'analyst',
    params: RuleParams,
    body: RuleSwitch,
    errors: ['NOT_FOUND'],
  },
  ({ ctx, actor, params, body }) => switchRule(ctx, { ...params, ...body, actor }),
);
