/** Figures in rows of four, each under its name. */
export function Figures({ figures }: { figures: readonly (readonly [label: string, value: string])[] }) {
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-md border bg-surface sm:grid-cols-4">
      {figures.map(([label, value]) => (
        <div key={label} className="-mr-px -mb-px border-r border-b px-4 py-3">
          <dt className="text-xs text-faint">{label}</dt>
          <dd className="text-xl font-semibold tabular [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
