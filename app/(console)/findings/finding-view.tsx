import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time, TimeSpan } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import { LevelMark } from '@/app/_components/verdict/levels';
import type { Context } from '@/lib/context';
import { groupWords } from '@/lib/schemas/group-words';
import { getFinding } from '@/lib/detect/findings';
import { found } from '../found';
import { Proof } from './_components/proof';
import { StatusButtons } from './_components/status-buttons';

/** One finding: what was seen, why it matters, the records that prove it, and the rule as it ran. */
export async function FindingView({ ctx, findingId }: { ctx: Context; findingId: string }) {
  const finding = await found(getFinding(ctx, { findingId }));
  return (
    <article aria-label={finding.title} className="space-y-4">
      <header className="card p-4">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <LevelMark level={finding.level} />
            <h2 className="mt-1 text-lg font-semibold">{finding.title}</h2>
          </div>
          <StatusButtons key={finding.status} finding={finding} />
        </div>
        <p className="mt-2 max-w-[72ch] text-base text-muted">{finding.description}</p>
        <dl className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-6 gap-y-3">
          {Object.entries(finding.group).map(([field, value]) => (
            <Fact key={field} label={field.replaceAll('_', ' ')}>
              {value === '' ? <span className="text-muted">{groupWords(field, value)}</span> : <span className="[overflow-wrap:anywhere]">{value}</span>}
            </Fact>
          ))}
          <Fact label="Seen">
            <TimeSpan from={finding.windowFrom} to={finding.windowTo} />
          </Fact>
          <Fact label={`Most in ${finding.timespan}`}>
            {formatCount(finding.count)} <span className="text-muted">against a threshold of {formatCount(finding.threshold)}</span>
          </Fact>
          <Fact label="Records that prove it">{formatCount(finding.recordCount)}</Fact>
          <Fact label={finding.chains.length === 1 ? 'Chain' : 'Chains'}>
            <ul>
              {finding.chains.map((chain) => (
                <li key={chain.id}>
                  <Link className="link [overflow-wrap:anywhere]" href={`/chains/${chain.id}`}>
                    {chain.name}
                  </Link>
                </li>
              ))}
            </ul>
          </Fact>
          <Fact label="Found">
            <Time at={finding.foundAt} />
          </Fact>
        </dl>
      </header>
      <Proof finding={finding} />
      <Card title="When it may be harmless">
        {finding.falsePositives.length === 0 ? (
          <p className="text-muted">The rule names no such case.</p>
        ) : (
          <ul className="list-disc space-y-1 pl-4 marker:text-faint">
            {finding.falsePositives.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </Card>
      <Card title="The rule as it ran" aside={<Hash value={finding.ruleDigest} />} flush>
        <p className="flex flex-wrap gap-2 border-b px-4 py-2 text-xs text-muted">
          {finding.tags.length === 0 ? formatNoun(0, 'tag') : finding.tags.map((tag) => <code key={tag}>{tag}</code>)}
        </p>
        <pre tabIndex={0} aria-label="Rule" className="max-h-96 overflow-auto p-4 font-mono text-xs whitespace-pre-wrap">
          {finding.ruleYaml}
        </pre>
      </Card>
    </article>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-faint first-letter:uppercase">{label}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}
