'use client';
import { Command } from 'cmdk';
import { type ReactNode, useEffect, useState } from 'react';

/** The text once it has not changed for a while. */
export function useSettledText(text: string, waitMs: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), waitMs);
    return () => clearTimeout(timer);
  }, [text, waitMs]);
  return settled;
}

/** Choices of one kind. */
export function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

/** One thing to go to or to do; `value` is what it is found by. */
export function Choice({
  value,
  onSelect,
  icon,
  tone,
  aside,
  children,
}: {
  value: string;
  onSelect: () => void;
  icon: ReactNode;
  tone?: string;
  aside?: string;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-3 data-[selected=true]:bg-hover"
    >
      <span aria-hidden className="grid w-4 place-items-center text-faint" style={tone ? { color: tone } : undefined}>
        {icon}
      </span>
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside && (
        <span className="text-xs" style={tone ? { color: tone } : undefined}>
          {aside}
        </span>
      )}
    </Command.Item>
  );
}
