import { Link } from '@/app/_components/ui/link';
import { formatNoun } from '@/app/_components/format/number';
import { Card } from '@/app/_components/ui/card';
import type { AtlasCoverage } from '@/lib/core/rules/atlas-coverage';

const ANY_OF = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** The matrix of MITRE ATLAS: which of its techniques the rules that run look for, tactic by tactic. */
export function Coverage({ coverage: { techniques, tactics, empty } }: { coverage: AtlasCoverage }) {
  return (
    <Card title="What rules look for, by MITRE ATLAS" aside={formatNoun(techniques, 'technique')} flush>
      <div className="grid grid-cols-1 overflow-hidden sm:grid-cols-2 lg:grid-cols-4">
        {tactics.map((tactic) => (
          <section key={tactic.name} aria-label={tactic.name} className="-mr-px -mb-px border-r border-b p-4">
            <h3 className="text-xs font-medium text-muted">{tactic.name}</h3>
            <ul className="mt-2 space-y-1.5">
              {tactic.techniques.map(({ id, name, rules }) => (
                <li key={id} className="flex items-baseline justify-between gap-3">
                  <Link
                    className="link inline-flex min-h-6 min-w-0 items-center [overflow-wrap:anywhere]"
                    href={`/rules?technique=${id}`}
                    prefetch={false}
                    title={id}
                  >
                    {name}
                  </Link>
                  <span className="shrink-0 text-xs text-faint tabular">{formatNoun(rules, 'rule')}</span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {empty.length > 0 && (
        <p className="border-t px-4 py-3 text-xs text-muted">No rule that runs looks for {ANY_OF.format(empty)}.</p>
      )}
    </Card>
  );
}
