import Link from 'next/link';
import { Suspense } from 'react';
import { formatNoun } from '@/app/_components/format/number';
import { RowLink } from '@/app/_components/list/row-link';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Time } from '@/app/_components/time/time';
import { STATUSES, STATUS_WORDS } from '@/app/_components/triage/words';
import { Card } from '@/app/_components/ui/card';
import { PageHead } from '@/app/_components/ui/page-head';
import { Skeleton } from '@/app/_components/ui/skeleton';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { LEVELS, LevelMark } from '@/app/_components/verdict/levels';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { listRules } from '@/lib/detect/rules';
import type { Rule } from '@/lib/schemas/rules';
import { type Search, one } from '../params';
import { countOfFindings, howRuleCounts } from './_components/rule-words';

export const metadata = { title: 'Rules' };

export default async function RulesPage({ searchParams }: { searchParams: Search }) {
  const { ctx } = await page();
  const asked = one((await searchParams)['sort']);
  return (
    <>
      <PageHead
        title="Rules"
        lead="What is looked for in the records of all chains, as they arrive. Each is a Sigma rule; what it finds is a finding, with the records that prove it."
      />
      <Suspense fallback={<Skeleton className="h-[60vh]" />}>
        <Rules ctx={ctx} asked={asked} />
      </Suspense>
    </>
  );
}

const COLUMNS = ['level', 'title', ...STATUSES, 'ran'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (rule: Rule) => string | number | null> = {
  level: ({ level }) => LEVELS.indexOf(level),
  title: ({ title }) => title,
  new: ({ findings }) => findings.new,
  in_progress: ({ findings }) => findings.in_progress,
  on_hold: ({ findings }) => findings.on_hold,
  resolved: ({ findings }) => findings.resolved,
  closed: ({ findings }) => findings.closed,
  ran: ({ lastRunAt }) => lastRunAt,
};

async function Rules({
  ctx,
  asked,
}: {
  ctx: Context;
  /** The order the address asks for. */
  asked: string | undefined;
}) {
  const { items } = await listRules(ctx);
  const sort = sortOf(asked, COLUMNS, 'level');
  return (
    <div className="space-y-4">
      <Card title={formatNoun(items.length, 'rule')} flush>
        <Table label="Rules">
          <Head>
            <SortHead by="level" sort={sort}>
              Level
            </SortHead>
            <SortHead by="title" sort={sort}>
              Rule
            </SortHead>
            <HeadCell>Looks at</HeadCell>
            {STATUSES.map((status) => (
              <SortHead key={status} by={status} sort={sort} numeric isDownFirst>
                {STATUS_WORDS[status]}
              </SortHead>
            ))}
            <SortHead by="ran" sort={sort} isDownFirst>
              Ran last
            </SortHead>
          </Head>
          <Body>
            {sorted(items, sort, VALUES).map((rule) => (
              <RuleRow key={rule.id} rule={rule} />
            ))}
          </Body>
        </Table>
      </Card>
      <Coverage rules={items} />
    </div>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  return (
    <Row>
      <Cell label="Level">
        <LevelMark level={rule.level} />
      </Cell>
      <RowHead>
        <RowLink href={`/rules/${rule.id}`}>{rule.title}</RowLink>
      </RowHead>
      <Cell label="Looks at" className="text-muted">
        {howRuleCounts(rule)}
      </Cell>
      {STATUSES.map((status) => (
        <Cell key={status} label={STATUS_WORDS[status]} numeric>
          {rule.findings[status] === 0 ? (
            <span className="text-faint">0</span>
          ) : (
            <Link className="link" href={`/findings?status=${status}&rule=${rule.id}`}>
              {countOfFindings(rule.findings[status])}
            </Link>
          )}
        </Cell>
      ))}
      <Cell label="Ran last" className="whitespace-nowrap">
        {rule.lastRunAt ? <Time at={rule.lastRunAt} /> : <span className="text-muted">Not yet</span>}
      </Cell>
    </Row>
  );
}

/** Which techniques the rules look for. */
function Coverage({ rules }: { rules: readonly Rule[] }) {
  const techniques = [...new Set(rules.flatMap(({ atlas }) => atlas))].toSorted();
  return (
    <Card title="Techniques of MITRE ATLAS that are looked for" aside={formatNoun(techniques.length, 'technique')}>
      <dl className="grid gap-x-6 gap-y-3 md:grid-cols-2">
        {techniques.map((technique) => (
          <div key={technique} className="flex gap-3">
            <dt className="w-24 shrink-0 font-mono text-xs">
              <a className="link" href={`https://atlas.mitre.org/techniques/${technique}`} rel="noreferrer">
                {technique}
              </a>
            </dt>
            <dd className="min-w-0">
              <ul>
                {rules
                  .filter(({ atlas }) => atlas.includes(technique))
                  .map(({ id, title }) => (
                    <li key={id} className="leading-6">
                      <Link className="link" href={`/rules/${id}`} prefetch={false}>
                        {title}
                      </Link>
                    </li>
                  ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
