'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { api } from '@/app/_components/api/client';
import { inputClass } from '@/app/_components/ui/field';
import { FormEnd, useForm } from '@/app/_components/ui/form';

/** Adds what somebody writes to the history of something, as `name` of what is sent to `path`. */
export function WriteForm({
  label,
  placeholder,
  action,
  method,
  path,
  name,
}: {
  label: string;
  placeholder: string;
  action: string;
  method: 'POST' | 'PATCH';
  path: string;
  name: string;
}) {
  const router = useRouter();
  const [text, setText] = useState('');
  const form = useForm({
    send: async () => {
      await api(null, path, { method, body: { [name]: text } });
      setText('');
      router.refresh();
    },
  });
  return (
    <form onSubmit={form.onSubmit} className="no-print mt-4 flex flex-wrap items-end gap-2">
      <textarea
        aria-label={label}
        placeholder={placeholder}
        required
        rows={2}
        maxLength={4000}
        value={text}
        onChange={({ target }) => setText(target.value)}
        className={`${inputClass} h-auto flex-1 basis-72 py-1.5`}
      />
      <FormEnd form={form} whileBusy="Adding…">
        {action}
      </FormEnd>
    </form>
  );
}
