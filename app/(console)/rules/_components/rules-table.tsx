import { Link } from '@/app/_components/ui/link';
import { formatCounted } from '@/app/_components/format/counted';
import { formatCount } from '@/app/_components/format/number';
import { RowLink } from '@/app/_components/list/row-link';
import { SortHead } from '@/app/_components/list/sort-head';
import { sorted } from '@/app/_components/list/sort';
import { Time } from '@/app/_components/time/time';
import { Body, Cell, Head, HeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import { LEVELS, LevelMark } from '@/app/_components/verdict/levels';
import { MOST_COUNTED } from '@/lib/schemas/most-counted';
import type { Rule } from '@/lib/schemas/rules';
import { RuleSwitch } from './rule-switch';
import { howRuleCounts, lagWords } from './rule-words';

export const COLUMNS = ['level', 'title', 'new', 'found', 'false', 'cost', 'ran'] as const;
type Column = (typeof COLUMNS)[number];

const VALUES: Record<Column, (rule: Rule) => string | number | null> = {
  level: ({ level }) => LEVELS.indexOf(level),
  title: ({ title }) => title,
  new: ({ findings }) => findings.new,
  found: (rule) => foundBy(rule),
  false: ({ judged }) => (judged.total === 0 ? null : judged.falsePositives / judged.total),
  cost: ({ runMs }) => runMs,
  ran: ({ lastRunAt }) => lastRunAt,
};

/** Findings of a rule that stand, up to the most that are counted. */
function foundBy({ findings }: Rule): number {
  return Math.min(
    MOST_COUNTED,
    Object.values(findings).reduce((sum, count) => sum + count, 0),
  );
}

export function RulesTable({ rules, sort }: { rules: readonly Rule[]; sort: Column | `-${Column}` }) {
  return (
    <Table label="Rules">
      <Head>
        <SortHead by="title" sort={sort}>
          Rule
        </SortHead>
        <SortHead by="level" sort={sort}>
          Level
        </SortHead>
        <HeadCell>Looks at</HeadCell>
        <SortHead by="new" sort={sort} numeric isDownFirst>
          New
        </SortHead>
        <SortHead by="found" sort={sort} numeric isDownFirst>
          Found
        </SortHead>
        <SortHead by="false" sort={sort} numeric isDownFirst>
          False positives
        </SortHead>
        <SortHead by="cost" sort={sort} numeric isDownFirst>
          A run takes
        </SortHead>
        <SortHead by="ran" sort={sort} isDownFirst>
          Ran last
        </SortHead>
        <HeadCell>Runs</HeadCell>
      </Head>
      <Body>
        {sorted(rules, sort, VALUES).map((rule) => (
          <RuleRow key={rule.id} rule={rule} />
        ))}
      </Body>
    </Table>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  return (
    <Row>
      <RowHead>
        <RowLink href={`/rules/${rule.id}`}>{rule.title}</RowLink>
        {rule.version !== null && (
          <span className="ml-2 text-xs whitespace-nowrap text-muted">version {rule.version}</span>
        )}
      </RowHead>
      <Cell label="Level">
        <LevelMark level={rule.level} />
      </Cell>
      <Cell label="Looks at" className="text-muted">
        {howRuleCounts(rule)}
      </Cell>
      <Cell label="New" numeric>
        <Findings count={rule.findings.new} href={`/findings?status=new&rule=${rule.id}`} />
      </Cell>
      <Cell label="Found" numeric>
        <Findings count={foundBy(rule)} href={`/findings?rule=${rule.id}`} />
      </Cell>
      <Cell label="False positives" numeric>
        <FalsePositives judged={rule.judged} />
      </Cell>
      <Cell label="A run takes" numeric className="whitespace-nowrap">
        <RunCost rule={rule} />
      </Cell>
      <Cell label="Ran last" className="whitespace-nowrap">
        <LastRun rule={rule} />
      </Cell>
      <Cell label="Runs">
        <RuleSwitch id={rule.id} title={rule.title} isEnabled={rule.isEnabled} />
      </Cell>
    </Row>
  );
}

/** A rule whose records the pass over what is new did not see is told there, with others: it was not run by itself. */
function RunCost({ rule: { kind, runMs } }: { rule: Rule }) {
  if (runMs !== null) return formatRun(runMs);
  return <span className="text-faint">{kind === 'chain' ? 'no search' : 'shared pass'}</span>;
}

function formatRun(ms: number): string {
  return ms < 1 ? '< 1 ms' : `${formatCount(Math.round(ms))} ms`;
}

function Findings({ count, href }: { count: number; href: string }) {
  if (count === 0) return <span className="text-faint">0</span>;
  return (
    <Link className="link" href={href}>
      {formatCounted(count)}
    </Link>
  );
}

function FalsePositives({ judged: { total, falsePositives } }: Pick<Rule, 'judged'>) {
  if (total === 0) return <span className="text-faint">none judged</span>;
  return (
    <span title={`${formatCount(falsePositives)} of ${formatCount(total)} that were judged`}>
      {Math.round((falsePositives / total) * 100)} %
    </span>
  );
}

function LastRun({ rule: { kind, isEnabled, outBecause, backfill, lastRunAt, lag } }: { rule: Rule }) {
  if (outBecause !== null) return <span className="text-v-tampered">Taken out</span>;
  if (!isEnabled) return <span className="text-muted">Does not run</span>;
  if (backfill?.state === 'running') return `Looks back, ${Math.floor(backfill.share * 100)} %`;
  if (lastRunAt)
    return (
      <>
        <Time at={lastRunAt} />
        {lag && lag.records > 0 && <span className="block text-xs text-muted">{lagWords(lag)}</span>}
      </>
    );
  return <span className="text-muted">{kind === 'chain' ? 'All the time' : 'Not yet'}</span>;
}
