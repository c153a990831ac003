'use client';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { RibbonScale } from './layout';

/** Width by records or by time. */
export function ScaleToggle({ value, onChange }: { value: RibbonScale; onChange: (scale: RibbonScale) => void }) {
  return (
    <ToggleGroup
      aria-label="Width of the ribbon by"
      value={[value]}
      onValueChange={([next]) => {
        if (next === 'records' || next === 'time') onChange(next);
      }}
      className="no-print mb-2 ml-auto flex w-fit rounded-md border p-0.5"
    >
      {(['records', 'time'] as const).map((scale) => (
        <Toggle
          key={scale}
          value={scale}
          className="h-6 rounded-[4px] px-2 text-xs text-muted data-pressed:bg-chosen data-pressed:text-ink"
        >
          By {scale}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
