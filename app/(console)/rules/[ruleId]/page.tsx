import Link from 'next/link';
import type { Metadata } from 'next';
import * as z from 'zod';
import { notFound } from 'next/navigation';
import { Time } from '@/app/_components/time/time';
import { STATUSES, STATUS_WORDS } from '@/app/_components/triage/words';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import { PageHead } from '@/app/_components/ui/page-head';
import { LevelMark } from '@/app/_components/verdict/levels';
import { page } from '@/app/_server/page';
import { getRule } from '@/lib/detect/rules';
import type { RuleDetail } from '@/lib/schemas/rules';
import { Fact } from '../../findings/_components/fact';
import { found } from '../../found';
import { Harmless } from '../_components/harmless';
import { RuleIds } from '../_components/rule-ids';
import { countOfFindings, howRuleCounts } from '../_components/rule-words';

export const metadata: Metadata = { title: 'Rule' };

export default async function RulePage({ params }: { params: Promise<{ ruleId: string }> }) {
  const { ctx } = await page();
  const id = z.guid().safeParse((await params).ruleId);
  const rule = await found(getRule(ctx, { ruleId: id.success ? id.data : notFound() }));
  return (
    <>
      <PageHead
        above={<LevelMark level={rule.level} />}
        title={rule.title}
        lead={rule.description}
        actions={
          <Link className="link" href="/rules">
            All rules
          </Link>
        }
      />
      <div className="space-y-4">
        <Facts rule={rule} />
        {rule.runbook !== '' && <Card title="What to do about a finding">{rule.runbook}</Card>}
        <Harmless cases={rule.falsePositives} />
        <Card title="As it is written" aside={<Hash value={rule.digest} />} flush>
          <RuleIds of={rule} />
          <pre
            tabIndex={0}
            aria-label="Rule"
            className="max-h-[40rem] overflow-auto p-4 font-mono text-xs whitespace-pre-wrap"
          >
            {rule.yaml}
          </pre>
        </Card>
      </div>
    </>
  );
}

function Facts({ rule }: { rule: RuleDetail }) {
  const facts = [
    { label: 'Looks at', value: howRuleCounts(rule) },
    { label: 'Status', value: rule.status },
    { label: 'Ran last', value: rule.lastRunAt ? <Time at={rule.lastRunAt} /> : 'Not yet, as it is written now' },
    ...STATUSES.map((status) => ({
      label: `${STATUS_WORDS[status]} findings`,
      value: (
        <Link className="link" href={`/findings?status=${status}&rule=${rule.id}`}>
          {countOfFindings(rule.findings[status])}
        </Link>
      ),
    })),
  ];
  return (
    <dl className="card grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-3 p-4">
      {facts.map(({ label, value }) => (
        <Fact key={label} label={label}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}
