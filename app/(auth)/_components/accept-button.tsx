'use client';
import { api } from '@/app/_components/api/client';
import { switchWorkspace } from '@/app/_components/frame/switch-workspace';
import { FormEnd, useForm } from '@/app/_components/ui/form';

/** Uses an invitation up for the account that is signed in, and goes to its workspace. */
export function AcceptButton({ token }: { token: string }) {
  const form = useForm({
    send: async () => {
      const { AcceptedInvitation } = await import('@/lib/schemas/workspaces');
      const { workspaceId } = await api(AcceptedInvitation, '/api/v1/me/invitations', {
        method: 'POST',
        body: { token },
      });
      await switchWorkspace(workspaceId);
    },
  });
  return (
    <form onSubmit={form.onSubmit}>
      <FormEnd form={form} look="primary" className="w-full" whileBusy="Joining…">
        Join
      </FormEnd>
    </form>
  );
}
