import { Kbd } from '@/app/_components/ui/kbd';

const KEYS = [
  ['/', 'write a search'],
  ['↑ ↓ J K', 'go through the records, or through what is proposed'],
  ['Home End', 'to the first and the last record'],
  ['Enter', 'search; open a record; take what is proposed'],
  ['J K', 'in an open record: to the next and the one before'],
  ['Escape', 'close what is open'],
  ['Alt click', 'on a value: leave it out'],
  ['Ctrl K', 'go anywhere'],
  ['?', 'show these keys'],
] as const;

/** Keys and what they do; those of the explorer unless others are given. */
export function KeysList({ keys: listed = KEYS }: { keys?: readonly (readonly [keys: string, what: string])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2">
      {listed.map(([keys, what]) => (
        <div key={what} className="contents">
          <dt>
            <Kbd>{keys}</Kbd>
          </dt>
          <dd className="text-muted">{what}</dd>
        </div>
      ))}
    </dl>
  );
}
