import { Only } from '@/app/_components/access/role';
import { Plus } from 'lucide-react';
import { Link } from '@/app/_components/ui/link';
import { Suspense } from 'react';
import { formatNoun } from '@/app/_components/format/number';
import { sortOf } from '@/app/_components/list/sort';
import { ButtonLink } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { PageHead } from '@/app/_components/ui/page-head';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { atlasCoverage } from '@/lib/core/rules/atlas-coverage';
import { listRules } from '@/lib/detect/rules';
import type { Rule, RuleList } from '@/lib/schemas/rules';
import { type Search, one } from '../params';
import { Coverage } from './_components/coverage';
import { ImportButton } from './_components/import-button';
import { RuleFilters } from './_components/rule-filters';
import { COLUMNS, RulesTable } from './_components/rules-table';
import { SHOWN, type Shown } from './_components/shown';

export const metadata = { title: 'Rules' };

export default async function RulesPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const asked = await searchParams;
  return (
    <>
      <PageHead
        title="Rules"
        lead="What is looked for in the records of all chains, as they arrive, and at the chains themselves. Each is a Sigma rule; what it finds is a finding, with the records or the problems that prove it."
        actions={
          <>
            <Only need="analyst">
              <ImportButton />
              <ButtonLink look="primary" href="/rules/new" prefetch={false}>
                <Plus size={14} aria-hidden />
                New rule
              </ButtonLink>
            </Only>
          </>
        }
      />
      <Suspense fallback={<Skeleton className="h-[60vh]" />}>
        <Rules ctx={ctx} asked={asked} />
      </Suspense>
    </>
  );
}

async function Rules({ ctx, asked }: { ctx: Context; asked: Awaited<Search> }) {
  const { items, stuck } = await listRules(ctx);
  const sort = sortOf(one(asked['sort']), COLUMNS, 'level');
  const wanted = {
    q: (one(asked['q']) ?? '').toLowerCase(),
    show: SHOWN.find((shown) => shown === one(asked['show'])),
    technique: one(asked['technique']),
  };
  const shown = items.filter((rule) => isWanted(rule, wanted));
  return (
    <div className="space-y-4">
      {stuck.length > 0 && <Stuck rules={stuck} />}
      <div>
        <RuleFilters />
        <Card
          title={
            shown.length === items.length
              ? formatNoun(items.length, 'rule')
              : `${shown.length} of ${formatNoun(items.length, 'rule')}`
          }
          flush
        >
          {shown.length === 0 ? (
            <p className="p-4 text-muted">No rule is like that.</p>
          ) : (
            <RulesTable rules={shown} sort={sort} />
          )}
        </Card>
      </div>
      <Coverage coverage={atlasCoverage(items)} />
    </div>
  );
}

type Wanted = { q: string; show: Shown | undefined; technique: string | undefined };

function isWanted(rule: Rule, { q, show, technique }: Wanted): boolean {
  const texts = [rule.title, rule.description, rule.id, ...rule.atlas, ...rule.owasp];
  return (
    texts.some((text) => text.toLowerCase().includes(q)) &&
    (technique === undefined || rule.atlas.includes(technique)) &&
    (show === undefined || IS_SHOWN[show](rule))
  );
}

const IS_SHOWN: Readonly<Record<Shown, (rule: Rule) => boolean>> = {
  own: ({ version }) => version !== null,
  shipped: ({ version }) => version === null,
  enabled: ({ isEnabled }) => isEnabled,
  disabled: ({ isEnabled }) => !isEnabled,
};

/** Rules that this release does not read: they run over nothing. */
function Stuck({ rules }: { rules: RuleList['stuck'] }) {
  return (
    <Card title={`${formatNoun(rules.length, 'rule')} that cannot run`}>
      <ul className="space-y-2">
        {rules.map(({ id, title, reason }) => (
          <li key={id}>
            <Link className="link" href={`/rules/${id}`} prefetch={false}>
              {title}
            </Link>
            <span className="text-muted">
              {' '}
              – line {reason.line}, column {reason.column}: {reason.message}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
