'use client';
import type { RibbonScale } from './layout';

/** Width by records or by time. */
export function ScaleToggle({ value, onChange }: { value: RibbonScale; onChange: (scale: RibbonScale) => void }) {
  return (
    <div
      role="group"
      aria-label="Width of the ribbon by"
      className="no-print mb-2 ml-auto flex w-fit rounded-md border p-0.5"
    >
      {(['records', 'time'] as const).map((scale) => (
        <button
          key={scale}
          type="button"
          aria-pressed={value === scale}
          onClick={() => onChange(scale)}
          className="h-6 rounded-[4px] px-2 text-xs text-muted aria-pressed:bg-chosen aria-pressed:text-ink"
        >
          By {scale}
        </button>
      ))}
    </div>
  );
}
