/** One horizontal bar from zero, in parts. The figures stand beside it in words. */
export function StackedBar({
  parts,
  of,
  height = 10,
}: {
  parts: readonly { key: string; value: number; tone: string }[];
  of: number;
  height?: number;
}) {
  return (
    <span aria-hidden className="flex w-full overflow-hidden rounded-[2px] bg-sunken" style={{ height }}>
      {parts.map(({ key, value, tone }) => (
        <span key={key} style={{ width: `${of === 0 ? 0 : (100 * value) / of}%`, background: tone }} />
      ))}
    </span>
  );
}
