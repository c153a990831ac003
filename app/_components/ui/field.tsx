'use client';
import { Field as Base } from '@base-ui/react/field';
import type { ComponentProps, ReactNode } from 'react';

export const inputClass =
  'h-8 w-full rounded-md border border-edge bg-surface px-2.5 text-sm placeholder:text-faint disabled:opacity-60 aria-invalid:border-v-tampered';

/** A label over something to choose from or to write into. */
export function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="flex flex-col gap-1">
      <span className="text-xs font-medium text-muted">{label}</span>
      {children}
    </label>
  );
}

/** A labelled text input with a hint and, when the browser refuses it, the reason. */
export function Field({
  label,
  hint,
  ...input
}: ComponentProps<typeof Base.Control> & { label: string; hint?: ReactNode }) {
  return (
    <Base.Root className="flex flex-col gap-1" name={input.name}>
      <Base.Label className="text-xs font-medium text-muted">{label}</Base.Label>
      <Base.Control className={inputClass} {...input} />
      {hint && <Base.Description className="text-xs text-faint">{hint}</Base.Description>}
      <Base.Error className="text-xs text-v-tampered" />
    </Base.Root>
  );
}
