import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { PageHead } from '@/app/_components/ui/page-head';
import { NeedsRole } from '@/app/_components/access/needs-role';
import { page } from '@/app/_server/page';
import { hasRoleFor } from '@/lib/schemas/roles';
import { VOCABULARY } from '@/lib/detect/own-rules/vocabulary';
import { newestVersion } from '@/lib/detect/own-rules/versions';
import { ruleIdOf } from '../../_components/rule-id';
import { RuleEditor } from '../../_components/editor/rule-editor';

export const metadata: Metadata = { title: 'Edit a rule' };

/** A rule that ships is not edited: a clone of it is. */
export default async function EditRulePage({ params }: { params: Promise<{ ruleId: string }> }) {
  const { ctx, person } = await page();
  if (!hasRoleFor(person.role, 'analyst')) return <NeedsRole title="Edit a rule" need="analyst" role={person.role} />;
  const id = ruleIdOf((await params).ruleId);
  const newest = await newestVersion(ctx, { ruleId: id });
  if (!newest) redirect(`/rules/new?from=${id}`);
  return (
    <>
      <PageHead
        title={newest.title}
        lead={`You edit version ${newest.version}, which ${newest.savedBy} saved. What is saved is a new version, which looks at everything recorded from the start.`}
      />
      <RuleEditor text={newest.yaml} edited={{ id, version: newest.version }} vocabulary={VOCABULARY} />
    </>
  );
}
