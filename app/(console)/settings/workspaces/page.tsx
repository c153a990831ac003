import { Only } from '@/app/_components/access/role';
import { SwitchButton } from '@/app/_components/frame/switch-button';
import { Link } from '@/app/_components/ui/link';
import { PageHead } from '@/app/_components/ui/page-head';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { page } from '@/app/_server/page';
import { ROLE_LABEL } from '@/lib/schemas/roles';
import { DEFAULT_WORKSPACE } from '@/lib/schemas/workspace-id';
import { NewWorkspaceButton } from './_components/new-workspace-button';

export const metadata = { title: 'Workspaces' };

export default async function WorkspacesPage() {
  const { person } = await page();
  const isDefault = person.workspaceId === DEFAULT_WORKSPACE;
  return (
    <>
      <PageHead
        title="Workspaces"
        lead={`Each has chains, findings, reports, tokens, keys and a transparency log of its own, which only its members see. ${isDefault ? 'People of this one are under People.' : 'Administrators of the default workspace make new ones.'}`}
        above={
          <Link className="link inline-flex min-h-6 items-center text-xs" href="/settings">
            Settings
          </Link>
        }
        {...(isDefault && {
          actions: (
            <Only need="administrator">
              <NewWorkspaceButton />
            </Only>
          ),
        })}
      />
      <div className="card max-w-[64rem] text-sm">
        <Table label="Workspaces you are a member of">
          <Head>
            <HeadCell>Workspace</HeadCell>
            <HeadCell>Id</HeadCell>
            <HeadCell>Your role</HeadCell>
            <HeadCell>
              <span className="sr-only">Switch</span>
            </HeadCell>
          </Head>
          <Body>
            {person.workspaces.map(({ id, name, role }) => (
              <Row key={id}>
                <RowHead className="[overflow-wrap:anywhere]">{name}</RowHead>
                <Cell label="Id">{id}</Cell>
                <Cell label="Your role">{ROLE_LABEL[role]}</Cell>
                <Cell label="Switch">
                  {id === person.workspaceId ? (
                    <span className="text-muted">You are here</span>
                  ) : (
                    <SwitchButton id={id} name={name} />
                  )}
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      </div>
    </>
  );
}
