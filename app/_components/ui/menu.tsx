'use client';
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';

const item =
  'flex h-8 w-full items-center gap-2 rounded-md px-2 text-sm outline-none select-none data-highlighted:bg-hover';

/** A menu that opens from `trigger`. */
export function Menu({
  trigger,
  children,
  side = 'bottom',
  align = 'end',
}: {
  trigger: ReactElement;
  children: ReactNode;
  side?: 'top' | 'bottom' | 'right';
  align?: 'start' | 'end';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} className="z-50">
          <Base.Popup className="popup min-w-48 p-1">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({
  icon,
  children,
  onClick,
  render,
}: {
  icon?: ReactNode;
  children: ReactNode;
  onClick?: () => void;
  render?: ReactElement;
}) {
  return (
    <Base.Item className={item} onClick={onClick} render={render}>
      <span aria-hidden className="grid w-4 place-items-center text-faint">
        {icon}
      </span>
      {children}
    </Base.Item>
  );
}

/** One choice of several, the current one ticked. */
export function MenuChoice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-xs text-faint">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={item} closeOnClick>
            <span className="grid w-4 place-items-center">
              <Base.RadioItemIndicator>
                <Check size={14} aria-hidden />
              </Base.RadioItemIndicator>
            </span>
            {option.label}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuLine() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}
