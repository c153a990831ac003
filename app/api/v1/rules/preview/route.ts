import { handler } from '@/app/_server/handler';
import { previewRule } from '@/lib/detect/own-rules/preview-rule';
import { runOf } from '@/lib/events/search-progress';
import { inTurn } from '@/lib/events/turns';
import { RulePreview, RulePreviewRequest } from '@/lib/schemas/rules';

export const POST = handler(
  {
    summary:
      'What a text would have found as a rule over the last days: how often, when and in which records. Keeps nothing.',
    access: 'read',
    body: RulePreviewRequest,
    response: RulePreview,
    errors: ['SEARCH_TOO_LARGE', 'BUSY'],
  },
  ({ ctx, actor, body, request: { signal } }) =>
    inTurn(ctx, { actor, signal }, () => previewRule(ctx, { ...body, run: runOf(actor, body.run), signal })),
);
