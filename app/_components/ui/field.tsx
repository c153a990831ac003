'use client';
import { Field as Base } from '@base-ui/react/field';
import type { ComponentProps, ReactNode } from 'react';

export const inputClass =
  'h-8 w-full rounded-md border border-edge bg-surface px-2.5 text-sm placeholder:text-faint disabled:opacity-60 aria-invalid:border-v-tampered';

/** A labelled text input with a hint and, when the browser or the server refuses it, the reason. */
export function Field({
  label,
  hint,
  error,
  ...input
}: ComponentProps<typeof Base.Control> & { label: string; hint?: ReactNode; error?: string | undefined }) {
  return (
    <Base.Root className="flex flex-col gap-1" invalid={error ? true : undefined} name={input.name}>
      <Base.Label className="text-xs font-medium text-muted">{label}</Base.Label>
      <Base.Control className={inputClass} {...input} />
      {hint && !error && <Base.Description className="text-xs text-faint">{hint}</Base.Description>}
      {error ? (
        <Base.Error match className="text-xs text-v-tampered">
          {error}
        </Base.Error>
      ) : (
        <Base.Error className="text-xs text-v-tampered" />
      )}
    </Base.Root>
  );
}
