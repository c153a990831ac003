import { Link } from '../ui/link';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { ArchiveReceipt } from '@/lib/schemas/uploads';
import { formatNoun } from '../format/number';
import { SIDECAR_LABEL } from '@/lib/schemas/formats';
import { VerdictMark } from '../verdict/verdict-mark';

/** What became of every file in an archive: each log with its verdict, what lies beside it, and what was left out. */
export function TrayArchive({
  result: { uploads, sidecars, skipped },
  chains,
}: {
  result: ArchiveReceipt;
  chains: ReadonlyMap<string, ChainDetail>;
}) {
  return (
    <>
      <ul aria-label="Logs in it" className="space-y-1">
        {uploads.map(({ chainId, chain, paths, records }) => (
          <li key={chainId} className="[overflow-wrap:anywhere]">
            <VerdictMark verdict={chains.get(chainId)?.verdict ?? 'pending'} />{' '}
            <Link href={`/chains/${chainId}`} className="link">
              {chain}
            </Link>{' '}
            <span className="text-muted tabular">
              {formatNoun(records, 'record')}
              {paths.length > 1 && ` in ${formatNoun(paths.length, 'file')}`}
              {sidecars.filter((sidecar) => sidecar.chainId === chainId).map(({ kind }) => `, ${SIDECAR_LABEL[kind]}`)}
            </span>
          </li>
        ))}
      </ul>
      {skipped.length > 0 && (
        <details className="mt-1.5">
          <summary className="text-muted">{formatNoun(skipped.length, 'file')} left out</summary>
          <ul className="mt-1 list-disc space-y-1 pl-5 text-muted [overflow-wrap:anywhere]">
            {skipped.map(({ path, reason }) => (
              <li key={path}>
                <span className="text-ink">{path}</span>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
