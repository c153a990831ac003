import { Only } from '@/app/_components/access/role';
import { Copy, Pencil } from 'lucide-react';
import type { Metadata } from 'next';
import { Link } from '@/app/_components/ui/link';
import { Time } from '@/app/_components/time/time';
import { ButtonLink } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import { PageHead } from '@/app/_components/ui/page-head';
import { LevelMark } from '@/app/_components/verdict/levels';
import { page } from '@/app/_server/page';
import type { Context } from '@/lib/context';
import { listRuns } from '@/lib/detect/query/runs';
import { ruleHistory } from '@/lib/detect/own-rules/history';
import { type RuleState, ruleState } from '@/lib/detect/rule-state';
import { type RuleDetail, RuleRunSort } from '@/lib/schemas/rules';
import { found, pageOf } from '../../found';
import { type Search, one } from '../../params';
import { Harmless } from '../_components/harmless';
import { RuleFacts } from '../_components/rule-facts';
import { RuleHistory } from '../_components/rule-history';
import { ruleIdOf } from '../_components/rule-id';
import { RuleIds } from '../_components/rule-ids';
import { RuleRuns } from '../_components/rule-runs';
import { RuleSwitch } from '../_components/rule-switch';

export const metadata: Metadata = { title: 'Rule' };

/** Runs of a page. */
const RUNS = 25;

type Props = { params: Promise<{ ruleId: string }>; searchParams: Search };

export default async function RulePage({ params, searchParams }: Props) {
  const { ctx } = await page();
  const state = await found(ruleState(ctx, { ruleId: ruleIdOf((await params).ruleId) }));
  const version = Number(one((await searchParams)['version']) ?? Number.NaN);
  if (state.kind === 'gone') return <Gone ruleId={(await params).ruleId} state={state} />;
  if (state.kind === 'stuck')
    return <StuckPage ctx={ctx} ruleId={(await params).ruleId} state={state} version={version} />;
  const { rule } = state;
  const asked = await searchParams;
  const sort = RuleRunSort.safeParse(one(asked['sort'])).data ?? '-at';
  const runs = await pageOf(
    (cursor) => listRuns(ctx, { ruleId: rule.id, sort, cursor, limit: RUNS }),
    one(asked['runs']),
  );
  return (
    <>
      <PageHead
        above={<LevelMark level={rule.level} />}
        title={rule.title}
        lead={rule.description}
        actions={<Actions rule={rule} />}
      />
      <div className="space-y-4">
        <RuleFacts rule={rule} />
        {rule.runbook !== '' && <Card title="What to do about a finding">{rule.runbook}</Card>}
        <Harmless cases={rule.falsePositives} />
        {rule.version !== null && (
          <RuleHistory ruleId={rule.id} {...(await ruleHistory(ctx, { ruleId: rule.id, version }))} />
        )}
        <RuleRuns ruleId={rule.id} runs={runs} sort={sort} search={asked} />
        <Card title="As it is written" aside={<Hash value={rule.digest} />} flush>
          <RuleIds of={rule} />
          <Text yaml={rule.yaml} />
        </Card>
      </div>
    </>
  );
}

function Text({ yaml }: { yaml: string }) {
  return (
    <pre
      tabIndex={0}
      aria-label="Rule"
      className="max-h-[40rem] overflow-auto p-4 font-mono text-xs whitespace-pre-wrap"
    >
      {yaml}
    </pre>
  );
}

function Actions({ rule }: { rule: RuleDetail }) {
  return (
    <>
      <span className="flex items-center gap-2 pr-2">
        <RuleSwitch id={rule.id} title={rule.title} isEnabled={rule.isEnabled} />
        <span className="text-muted">{rule.isEnabled ? 'Runs' : 'Does not run'}</span>
      </span>
      <Only need="analyst">
        {' '}
        {rule.version !== null && (
          <ButtonLink look="primary" href={`/rules/${rule.id}/edit`} prefetch={false}>
            <Pencil size={14} aria-hidden />
            Edit
          </ButtonLink>
        )}
        {rule.kind !== 'chain' && (
          <ButtonLink href={`/rules/new?from=${rule.id}`} prefetch={false}>
            <Copy size={14} aria-hidden />
            Clone
          </ButtonLink>
        )}
      </Only>{' '}
      <Link className="link inline-flex min-h-6 items-center" href="/rules">
        All rules
      </Link>
    </>
  );
}

/** A rule whose text this release does not read. */
async function StuckPage({
  ctx,
  ruleId,
  state: { reason, text },
  version,
}: {
  ctx: Context;
  ruleId: string;
  state: Extract<RuleState, { kind: 'stuck' }>;
  version: number;
}) {
  return (
    <>
      <PageHead
        title={text.title}
        lead={
          <>
            This rule cannot run: line {reason.line}, column {reason.column}: {reason.message}. It was saved by{' '}
            {text.savedBy} on <Time at={text.savedAt} />, and keeps no other rule from running. What it found stands.
          </>
        }
        actions={
          <Only need="analyst">
            {' '}
            <ButtonLink look="primary" href={`/rules/${ruleId}/edit`} prefetch={false}>
              <Pencil size={14} aria-hidden />
              Edit
            </ButtonLink>
          </Only>
        }
      />
      <div className="space-y-4">
        <RuleHistory ruleId={ruleId} {...(await ruleHistory(ctx, { ruleId, version }))} />
        <Card title="As it is written" aside={<Hash value={text.digest} />} flush>
          <Text yaml={text.yaml} />
        </Card>
      </div>
    </>
  );
}

/** A rule that was here once. */
function Gone({ ruleId, state: { title, findings } }: { ruleId: string; state: Extract<RuleState, { kind: 'gone' }> }) {
  return (
    <PageHead
      title={title}
      lead="This rule is not here any more: it ran under another release, or was another installation’s. What it found stands, each finding with the text of the rule as it ran."
      actions={
        <>
          {findings && (
            <ButtonLink href={`/findings?rule=${ruleId}`} prefetch={false}>
              Its findings
            </ButtonLink>
          )}
          <Link className="link inline-flex min-h-6 items-center" href="/rules">
            All rules
          </Link>
        </>
      }
    />
  );
}
