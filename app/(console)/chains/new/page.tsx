import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { AddSource } from './_components/add-source';

export const metadata = { title: 'Add a source' };

export default async function AddSourcePage() {
  const { ctx } = await page();
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
