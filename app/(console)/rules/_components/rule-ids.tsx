import { formatNoun } from '@/app/_components/format/number';

/** What a rule is about, by the ids of ATLAS, which lead there, and of OWASP, and its own tags. */
export function RuleIds({
  of: { atlas, owasp, tags = [] },
}: {
  of: { atlas: string[]; owasp: string[]; tags?: string[] };
}) {
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1 border-b px-4 py-2 text-xs text-muted">
      {atlas.map((id) => (
        <a key={id} className="link font-mono" href={`https://atlas.mitre.org/techniques/${id}`} rel="noreferrer">
          {id}
        </a>
      ))}
      {[...owasp, ...tags].map((tag) => (
        <code key={tag}>{tag}</code>
      ))}
      {atlas.length + owasp.length + tags.length === 0 && formatNoun(0, 'tag')}
    </p>
  );
}
