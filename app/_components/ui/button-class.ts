import { clsx } from 'clsx';

export type ButtonLook = 'primary' | 'plain' | 'ghost' | 'danger';

const LOOKS: Record<ButtonLook, string> = {
  primary: 'bg-seal text-on-seal hover:bg-seal-deep',
  plain: 'border bg-surface hover:bg-hover',
  ghost: 'text-muted hover:bg-hover hover:text-ink',
  danger: 'border border-v-tampered/40 text-v-tampered hover:bg-v-tampered/8',
};

/** The shape of every button and of every link that looks like one. */
export function buttonClass(look: ButtonLook = 'plain', size: 'sm' | 'md' | 'icon' = 'md'): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors duration-100 select-none disabled:opacity-50 aria-disabled:opacity-50',
    { sm: 'h-7 px-2 text-xs', md: 'h-8 px-3 text-sm', icon: 'size-8' }[size],
    LOOKS[look],
  );
}
