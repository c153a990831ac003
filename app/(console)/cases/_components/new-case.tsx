'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';
import { FormDialog } from '@/app/_components/ui/form-dialog';

/** Begins a case without findings. */
export function NewCase() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>New case</Button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title="New case"
        description="Findings are added to it from the queue."
        action="Begin"
        whileBusy="Beginning…"
        send={async (field) => {
          const { CaseDetail } = await import('@/lib/schemas/cases');
          const made = await api(CaseDetail, '/api/v1/cases', { method: 'POST', body: { title: field('title') } });
          router.push(`/cases/${made.id}`);
          return 'leaving';
        }}
      >
        <Field label="Title" name="title" required maxLength={200} autoComplete="off" />
      </FormDialog>
    </>
  );
}
