import { firstDifference } from '../format/hash';

/** Expected against found, one under the other, the part that differs marked. */
export function HashCompare({ expected, found }: { expected: string | null; found: string | null }) {
  if (expected === null && found === null) return null;
  const at = expected !== null && found !== null ? firstDifference(expected, found) : null;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 rounded-md border bg-sunken px-2.5 py-2 font-mono text-xs">
      <dt className="font-sans text-faint">Expected</dt>
      <dd className="break-all">
        <Marked text={expected} from={at} />
      </dd>
      <dt className="font-sans text-faint">Found</dt>
      <dd className="break-all">
        <Marked text={found} from={at} broken />
      </dd>
    </dl>
  );
}

function Marked({ text, from, broken = false }: { text: string | null; from: number | null; broken?: boolean }) {
  if (text === null) return <span className="font-sans text-faint">nothing</span>;
  if (from === null) return text;
  return (
    <>
      <span className="text-faint">{text.slice(0, from)}</span>
      <mark
        className={
          broken
            ? 'bg-v-tampered/12 text-v-tampered underline decoration-wavy decoration-1 underline-offset-2'
            : 'bg-transparent font-medium text-ink'
        }
      >
        {text.slice(from)}
      </mark>
    </>
  );
}
