'use client';
import { clsx } from 'clsx';
import { type ComponentProps, type ReactNode, useId, useState } from 'react';

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
  onChange,
  className,
  ...input
}: ComponentProps<'input'> & { label: string; hint?: ReactNode }) {
  const id = useId();
  const [refused, setRefused] = useState('');
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={clsx(inputClass, className)}
        aria-invalid={refused !== '' || undefined}
        aria-describedby={hint || refused ? `${id}-says` : undefined}
        onInvalid={({ currentTarget }) => setRefused(currentTarget.validationMessage)}
        onChange={(event) => {
          setRefused('');
          onChange?.(event);
        }}
      />
      <div id={`${id}-says`} className="text-xs text-faint empty:hidden">
        {hint}
        {refused && <p className="text-v-tampered">{refused}</p>}
      </div>
    </div>
  );
}
