import type { ReactNode } from 'react';
import { formatCount } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Hash } from '@/app/_components/ui/hash';
import type { Session } from '@/lib/schemas/sessions';

/** Shown before the rest folds away. */
const OPEN = 8;
type File = Session['files']['items'][number];

/** What the session used: tools, files it read and wrote, hosts it contacted, and the policies it was under. */
export function Touched({ session }: { session: Session }) {
  const list = (field: 'tool' | 'host') => session.lists.find((one) => one.field === field);
  const { files, policies } = session;
  const [tools, hosts] = [list('tool'), list('host')];
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="space-y-4">
        {files.items.length > 0 && (
          <Folded
            title="Files"
            count={files.items.length + files.more}
            rows={files.items}
            more={files.more}
            rowOf={fileRow}
          />
        )}
        {policies.length > 0 && (
          <Folded title="Policies" count={policies.length} rows={policies} more={0} rowOf={policyRow} />
        )}
      </div>
      <div className="space-y-4">
        {tools && <ValueCard title="Tools" list={tools} />}
        {hosts && <ValueCard title="Hosts contacted" list={hosts} />}
      </div>
    </div>
  );
}

function ValueCard({ title, list }: { title: string; list: Session['lists'][number] }) {
  return (
    <Folded title={title} count={list.values.length + list.more} rows={list.values} more={list.more} rowOf={valueRow} />
  );
}

function valueRow({ value, records, denied }: Session['lists'][number]['values'][number]) {
  return <Line key={value} name={value} figures={<Figures records={records} denied={denied} />} />;
}

function fileRow({ path, records, read, written, denied }: File) {
  const uses = [
    ...(read > 0 ? [`read ${formatCount(read)}`] : []),
    ...(written > 0 ? [`written ${formatCount(written)}`] : []),
  ];
  return (
    <Line
      key={path}
      name={path}
      figures={
        <>
          <span className="text-muted">{uses.length > 0 ? uses.join(', ') : `named ${formatCount(records)}`}</span>
          {denied > 0 && <Denied count={denied} />}
        </>
      }
    />
  );
}

function policyRow({ policy, digest, chainId, ordinal, from, records }: Session['policies'][number]) {
  return (
    <Line
      key={`${policy} ${digest} ${chainId} ${ordinal}`}
      name={policy === digest ? '' : policy}
      aside={digest && <Hash value={digest} />}
      figures={
        <span className="text-muted">
          {records === 0 ? 'loaded' : `${formatCount(records)} from`}{' '}
          {from ? <Time at={from} as="second" /> : 'no time stated'}
        </span>
      }
    />
  );
}

function Figures({ records, denied }: { records: number; denied: number }) {
  return (
    <>
      {denied > 0 && <Denied count={denied} />}
      <span className="w-12 text-right">{formatCount(records)}</span>
    </>
  );
}

function Denied({ count }: { count: number }) {
  return <span className="text-d-deny">{formatCount(count)} denied</span>;
}

function Line({ name, aside, figures }: { name: string; aside?: ReactNode; figures: ReactNode }) {
  return (
    <li className="flex min-h-8 items-center gap-3 px-4 py-1">
      <span className="min-w-0 flex-1 truncate print:whitespace-normal print:[overflow-wrap:anywhere]" title={name}>
        {name}
        {name !== '' && aside && ' '}
        {aside}
      </span>
      <span className="flex shrink-0 items-center gap-3 text-xs tabular">{figures}</span>
    </li>
  );
}

function Folded<Item>({
  title,
  count,
  rows,
  more,
  rowOf,
}: {
  title: string;
  count: number;
  rows: readonly Item[];
  more: number;
  rowOf: (item: Item) => ReactNode;
}) {
  const rest = rows.slice(OPEN);
  return (
    <Card flush title={title} aside={<span className="tabular">{formatCount(count)}</span>}>
      <ul className="py-1">{rows.slice(0, OPEN).map(rowOf)}</ul>
      {rest.length > 0 && (
        <details className="printed-open border-t">
          <summary className="px-4 py-2 text-xs text-muted hover:text-ink">{formatCount(rest.length)} more</summary>
          <ul className="max-h-80 overflow-y-auto py-1 print:max-h-none">{rest.map(rowOf)}</ul>
        </details>
      )}
      {more > 0 && (
        <p className="border-t px-4 py-2 text-xs text-muted">
          And {formatCount(more)} others that were used less; all of them are counted.
        </p>
      )}
    </Card>
  );
}
