import { Lock } from 'lucide-react';
import { NEEDS, type NeedName, ROLE_LABEL, ROLE_MEANS, type Role } from '@/lib/schemas/roles';
import { Empty } from '../ui/empty';
import { PageHead } from '../ui/page-head';

/** In place of a page for which the person signed in has not the role. */
export function NeedsRole({ title, need, role }: { title: string; need: NeedName; role: Role }) {
  const roles = NEEDS[need].roles.map((one) => ROLE_LABEL[one].toLowerCase()).join(' or ');
  return (
    <>
      <PageHead title={title} />
      <div className="card">
        <Empty icon={<Lock size={20} />} title={`This page takes the role ${roles}`}>
          You are an {ROLE_LABEL[role].toLowerCase()}: {ROLE_MEANS[role]}. An administrator can give you another role
          under Settings, People.
        </Empty>
      </div>
    </>
  );
}
