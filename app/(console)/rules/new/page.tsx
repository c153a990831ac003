import type { Metadata } from 'next';
import * as z from 'zod';
import { notFound } from 'next/navigation';
import { PageHead } from '@/app/_components/ui/page-head';
import { NeedsRole } from '@/app/_components/access/needs-role';
import { page } from '@/app/_server/page';
import { hasRoleFor } from '@/lib/schemas/roles';
import { VOCABULARY } from '@/lib/detect/own-rules/vocabulary';
import { cloneDraft, emptyDraft, searchDraft } from '@/lib/detect/own-rules/drafts';
import { found } from '../../found';
import { type Search, one } from '../../params';
import { RuleEditor } from '../_components/editor/rule-editor';

export const metadata: Metadata = { title: 'New rule' };

/** A rule from nothing, from another one (`from`), or from a search of the explorer (`q`). */
export default async function NewRulePage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  if (!hasRoleFor(person.role, 'analyst')) return <NeedsRole title="New rule" need="analyst" role={person.role} />;
  const asked = await searchParams;
  const from = one(asked['from']);
  const q = one(asked['q']);
  const id = z.guid().safeParse(from);
  if (from !== undefined && !id.success) notFound();
  const draft = id.success
    ? await found(cloneDraft(ctx, { ruleId: id.data }))
    : q === undefined
      ? emptyDraft()
      : searchDraft(q, one(asked['name']) ?? '');
  return (
    <>
      <PageHead
        title={id.success ? 'Clone of a rule' : q === undefined ? 'New rule' : 'Rule of a search'}
        lead="Written in Sigma, tried over your own records while you write. Nothing runs before it is saved."
      />
      {draft.refused !== null && (
        <p role="alert" className="card mb-4 p-4 text-v-tampered">
          {draft.refused}
        </p>
      )}
      <RuleEditor text={draft.yaml} edited={null} vocabulary={VOCABULARY} />
    </>
  );
}
