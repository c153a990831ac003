import { handler } from '@/app/_server/handler';
import { AppError } from '@/lib/core/errors';
import { importRules } from '@/lib/detect/own-rules/import-rules';
import { RuleImport, RuleImportQuery } from '@/lib/schemas/rules';

export const POST = handler(
  {
    summary: 'Keeps the rules of a Sigma file, or of a ZIP of them, and says of each that is refused why and where.',
    access: 'analyst',
    sends: { types: ['application/yaml', 'application/zip'], is: 'One rule file, or a ZIP of rule files.' },
    query: RuleImportQuery,
    response: RuleImport,
    errors: ['TOO_LARGE', 'UNREADABLE_BODY', 'CONFLICT'],
  },
  ({ ctx, actor, query: { dryRun: isDryRun, isEnabled, name }, request: { body, signal } }) => {
    if (!body) throw new AppError('BAD_REQUEST', 'the body is a rule file or a ZIP of them; it is missing');
    return importRules(ctx, { body, name, isDryRun, isEnabled, actor, signal });
  },
);
