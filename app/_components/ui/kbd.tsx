/** A key to press. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-md border bg-paper px-1 font-sans text-2xs text-faint">
      {children}
    </kbd>
  );
}
