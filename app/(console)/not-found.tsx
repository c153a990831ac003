import { SearchX } from 'lucide-react';
import { SwitchButton } from '@/app/_components/frame/switch-button';
import { ButtonLink } from '@/app/_components/ui/button';
import { Empty } from '@/app/_components/ui/empty';
import { page } from '@/app/_server/page';

/** Says the same of what is nowhere and of what is in another workspace; who has several may look there. */
export default async function NotFound() {
  const { person } = await page();
  const others = person.workspaces.filter(({ id }) => id !== person.workspaceId);
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <Empty
        icon={<SearchX size={20} />}
        title="There is nothing at this address"
        actions={
          <>
            <ButtonLink href="/chains">All chains</ButtonLink>
            <ButtonLink href="/">Overview</ButtonLink>
            {others.map(({ id, name }) => (
              <SwitchButton key={id} id={id} name={name} />
            ))}
          </>
        }
      >
        The link may come from another Sealtrail, {others.length > 0 && 'from another workspace of yours, '}or was cut
        on its way. What retention has deleted keeps its page, with a tombstone that says what it was.
      </Empty>
    </>
  );
}
