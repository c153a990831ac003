import { Only } from '@/app/_components/access/role';
import { formatBytes } from '@/app/_components/format/bytes';
import { Time } from '@/app/_components/time/time';
import { Hash } from '@/app/_components/ui/hash';
import { Cell, Row, RowHead } from '@/app/_components/ui/table';
import { SIDECAR_LABEL } from '@/lib/schemas/formats';
import type { ChainDetail } from '@/lib/schemas/chains';
import type { Sidecar } from '@/lib/schemas/sidecars';
import { DownloadIcon } from './download-icon';
import { SetAsideButton } from './lazy-parts';
import { SidecarOutcome } from './sidecar-outcome';

/** A file the tool keeps beside its log. */
export function SidecarRow({ chain, sidecar }: { chain: ChainDetail; sidecar: Sidecar }) {
  return (
    <Row>
      <RowHead className="py-2 align-top">
        <span className="font-medium [overflow-wrap:anywhere]">{sidecar.fileName}</span>
        <span className="block text-xs text-muted">
          {SIDECAR_LABEL[sidecar.kind]}, {formatBytes(sidecar.bytes)}
        </span>
      </RowHead>
      <Cell label="What it comes to" className="py-2 align-top">
        <SidecarOutcome chain={chain} sidecar={sidecar} />
      </Cell>
      <Cell label="SHA-256" className="py-2 align-top">
        <Hash value={sidecar.sha256} />
      </Cell>
      <Cell label="Received" className="py-2 align-top text-muted">
        <span className="whitespace-nowrap">
          <Time at={sidecar.receivedAt} />
        </span>
        <span className="block text-xs [overflow-wrap:anywhere]">
          from {sidecar.receivedBy}
          {sidecar.archiveSha256 && ', in an archive'}
        </span>
      </Cell>
      <Cell numeric className="py-2 align-top whitespace-nowrap">
        <Only need="analyst">
          <SetAsideButton chainId={chain.id} sidecar={sidecar} />
        </Only>
        <DownloadIcon
          href={`/api/v1/chains/${chain.id}/sidecars/${sidecar.id}`}
          label={`Download ${sidecar.fileName}`}
        />
      </Cell>
    </Row>
  );
}
