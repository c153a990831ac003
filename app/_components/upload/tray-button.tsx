import type { ReactNode } from 'react';

/** A button of the tray: a mark with its name for those who do not see it. */
export function TrayButton({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-7 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
    >
      {icon}
    </button>
  );
}
