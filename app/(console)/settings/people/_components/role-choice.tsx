'use client';
import { useRouter } from 'next/navigation';
import { api } from '@/app/_components/api/client';
import { inputClass } from '@/app/_components/ui/field';
import { toast } from '@/app/_components/ui/toasts';
import { useSubmit } from '@/app/_components/ui/use-submit';
import { ROLES, ROLE_LABEL } from '@/lib/schemas/roles';
import type { Account } from '@/lib/schemas/settings';

/** The role of a person, which counts from their next request on. */
export function RoleChoice({ person: { id, name, role } }: { person: Account }) {
  const router = useRouter();
  const { busy, submit } = useSubmit({ failed: 'The role was not changed' });
  const change = (to: string, isUndo = false) =>
    submit(async () => {
      await api(null, `/api/v1/people/${encodeURIComponent(id)}`, { method: 'PATCH', body: { role: to } });
      if (!isUndo) toast(`${name} has another role`, { undo: () => change(role, true) });
      router.refresh();
    });
  return (
    <select
      aria-label={`Role of ${name}`}
      value={role}
      disabled={busy}
      onChange={({ target }) => change(target.value)}
      className={`${inputClass} max-w-40`}
    >
      {ROLES.map((each) => (
        <option key={each} value={each}>
          {ROLE_LABEL[each]}
        </option>
      ))}
    </select>
  );
}
