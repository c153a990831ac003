'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { inputClass } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';

/** Adds a comment to the history of a finding. */
export function CommentForm({ findingId }: { findingId: string }) {
  const router = useRouter();
  const [text, setText] = useState('');
  const form = useForm({
    send: async () => {
      await api(null, `/api/v1/findings/${findingId}/comments`, { method: 'POST', body: { text } });
      setText('');
      router.refresh();
    },
  });
  return (
    <form onSubmit={form.onSubmit} className="no-print mt-4 flex flex-wrap items-end gap-2">
      <textarea
        aria-label="Comment"
        placeholder="What you found out"
        required
        rows={2}
        maxLength={4000}
        value={text}
        onChange={({ target }) => setText(target.value)}
        className={`${inputClass} h-auto flex-1 basis-72 py-1.5`}
      />
      <FormEnd form={form} whileBusy="Adding…">
        Add comment
      </FormEnd>
    </form>
  );
}
