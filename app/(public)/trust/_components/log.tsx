import { formatCount, formatNoun } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { Command } from '@/app/_components/ui/command';
import { Hash } from '@/app/_components/ui/hash';
import type { TrustInfo } from '@/lib/schemas/trust';

/** Our transparency log: what it says now, who witnesses it, and how to watch it. */
export function Log({ log, url }: Pick<TrustInfo, 'log' | 'url'>) {
  if (!log) {
    return (
      <Card title="Transparency log">
        <p className="text-muted">The log begins with the first signature.</p>
      </Card>
    );
  }
  return (
    <Card title="Transparency log" aside={log.signedAt && <Time at={log.signedAt} as="second" />}>
      <p className="max-w-[80ch] text-muted">
        Every bundle this Sealtrail signs, and every one it withdraws, is an entry here. The log only grows: anyone who
        keeps a checkpoint can prove later that no entry was removed or changed.
      </p>
      <dl className="mt-4 grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2">
        <dt className="text-xs leading-5 text-faint">Origin</dt>
        <dd className="[overflow-wrap:anywhere]">{log.origin}</dd>
        <dt className="text-xs leading-5 text-faint">Verifier key</dt>
        <dd className="min-w-0">
          <Hash value={log.verifierKey} whole />
        </dd>
        <dt className="text-xs leading-5 text-faint">Entries</dt>
        <dd>
          {formatCount(log.size)}
          {log.waiting > 0 && <span className="text-muted">, {formatCount(log.waiting)} more to be published</span>}
        </dd>
        <dt className="text-xs leading-5 text-faint">Witnesses</dt>
        <dd className="min-w-0">
          {log.witnesses.length === 0 ? (
            <span className="text-muted">none: that everybody sees the same log is not vouched for by others</span>
          ) : (
            log.witnesses.map(({ name, url, size, cosignedAt, failure }) => (
              <span key={url} className="block [overflow-wrap:anywhere]">
                {name}:{' '}
                {cosignedAt ? (
                  <>
                    cosigned {formatNoun(size, 'entry', 'entries')} <Time at={cosignedAt} as="second" />
                  </>
                ) : (
                  'has not cosigned yet'
                )}
                {failure && <span className="text-muted">, {failure}</span>}
              </span>
            ))
          )}
        </dd>
      </dl>
      {log.checkpoint && (
        <div className="mt-4">
          <h3 className="mb-1.5 text-xs text-faint">Checkpoint</h3>
          <pre
            tabIndex={0}
            aria-label="Checkpoint"
            className="overflow-x-auto rounded-md border bg-sunken px-3 py-2.5 font-mono text-xs leading-5"
          >
            {log.checkpoint}
          </pre>
        </div>
      )}
      <div className="mt-4">
        <p className="mb-1.5">Its tiles (C2SP tlog-tiles) are public:</p>
        <Command>{`curl -f ${url}/tlog/checkpoint\ncurl -f ${url}/tlog/tile/entries/000${log.size < 256 ? `.p/${log.size}` : ''} | strings`}</Command>
      </div>
    </Card>
  );
}
