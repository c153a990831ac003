import { Link } from '@/app/_components/ui/link';
import { shellWord } from '@/app/_components/format/shell-word';
import { Command } from '@/app/_components/ui/command';
import { FORMAT_LABEL, WHOLE_ARCHIVE } from '@/lib/schemas/formats';
import type { ChainDetail } from '@/lib/schemas/chains';
import { ShipperSetupTabs } from './lazy-parts';
import { ReSerialisedNotice } from './re-serialised-notice';

/** How this chain is kept up to date, and read by other programs. */
export function ConnectTab({ chain, url }: { chain: ChainDetail; url: string }) {
  const whole = WHOLE_ARCHIVE[chain.format];
  const query = `?chain=${encodeURIComponent(chain.name)}`;
  return (
    <div className="max-w-[76ch] space-y-6">
      <ReSerialisedNotice chain={chain} />
      <section>
        <h2 className="font-medium">Send it with a log shipper</h2>
        <p className="mt-1 mb-3 text-muted">
          Unmodified, by its own protocol. The line is kept byte for byte; an answer of success means it is on disk.
        </p>
        <ShipperSetupTabs chain={chain.name} url={url} />
      </section>
      <section>
        <h2 className="font-medium">Send the whole file again</h2>
        <p className="mt-1 mb-2 text-muted">
          Send the {FORMAT_LABEL[chain.format]} file again whenever it has grown: bytes stored before are recognised,
          only what is new is kept. Make a token with the ingest scope in{' '}
          <Link className="link" href="/settings">
            Settings
          </Link>
          .
        </p>
        <Command>{`curl -T audit.jsonl -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  ${shellWord(`${url}/api/v1/uploads/audit.jsonl${query}`)}`}</Command>
      </section>
      {whole && (
        <section>
          <h2 className="font-medium">{whole.title}</h2>
          <p className="mt-1 mb-2 text-muted">{whole.text}</p>
          <Command>{`${whole.pack} \\\n  | curl -X POST -T - -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  ${shellWord(`${url}/api/v1/uploads/whole.tar.gz${query}`)}`}</Command>
        </section>
      )}
      <section>
        <h2 className="font-medium">Ask for its verdict</h2>
        <p className="mt-1 mb-2 text-muted">
          For a pipeline that should stop when the evidence no longer holds. A token with the read scope is enough.
        </p>
        <Command>{`curl -s -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  ${url}/api/v1/chains/${chain.id}`}</Command>
      </section>
      <section>
        <h2 className="font-medium">Ask what a period holds</h2>
        <p className="mt-1 mb-2 text-muted">
          Range asked for and found, records valid and in all, gaps in time and problems. Leave out either end for all
          there is.
        </p>
        <Command>{`curl -s -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  '${url}/api/v1/chains/${chain.id}/summary?from=${exampleFrom(chain)}'`}</Command>
      </section>
      <section>
        <h2 className="font-medium">Sign it on a schedule</h2>
        <p className="mt-1 mb-2 text-muted">Signs a statement over the chain as it stands. Needs the ingest scope.</p>
        <Command>{`curl -s -X POST -H "Authorization: Bearer $SEALTRAIL_TOKEN" \\\n  ${url}/api/v1/chains/${chain.id}/attestations`}</Command>
      </section>
    </div>
  );
}

/** The day its last record was written on. */
function exampleFrom({ lastRecordedAt }: ChainDetail): string {
  return `${(lastRecordedAt ?? '2026-01-01').slice(0, 10)}T00:00:00Z`;
}
