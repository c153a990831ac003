import { PageHead } from '@/app/_components/ui/page-head';
import { NeedsRole } from '@/app/_components/access/needs-role';
import { page } from '@/app/_server/page';
import { hasRoleFor } from '@/lib/schemas/roles';
import { AddSource } from './_components/add-source';

export const metadata = { title: 'Add a source' };

export default async function AddSourcePage() {
  const { ctx, person } = await page();
  if (!hasRoleFor(person.role, 'ingest')) return <NeedsRole title="Add a source" need="ingest" role={person.role} />;
  return (
    <>
      <PageHead
        title="Add a source"
        lead="A log that grows on another machine is sent here line by line, and becomes a chain of its own."
      />
      <AddSource url={ctx.env.publicUrl} />
    </>
  );
}
