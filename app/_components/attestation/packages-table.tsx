import { Download } from 'lucide-react';
import type { EvidencePackage, PackageSort } from '@/lib/schemas/packages';
import { formatBytes } from '../format/bytes';
import { formatCount } from '../format/number';
import { SortHead } from '../list/sort-head';
import { ShareButton } from '../share/share-button';
import { Time } from '../time/time';
import { buttonClass } from '../ui/button';
import { Hash } from '../ui/hash';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '../ui/table';
import { VerdictMark } from '../verdict/verdict-mark';
import { periodWords } from './scope';

export function PackagesTable({ packages, sort }: { packages: readonly EvidencePackage[]; sort: PackageSort }) {
  return (
    <div className="card">
      <Table label="Evidence packages">
        <Head>
          <SortHead by="requested" sort={sort} isDownFirst>
            Requested
          </SortHead>
          <HeadCell>Of</HeadCell>
          <SortHead by="verdict" sort={sort}>
            Worst verdict
          </SortHead>
          <SortHead by="files" sort={sort} numeric isDownFirst>
            Files
          </SortHead>
          <HeadCell numeric>Size</HeadCell>
          <HeadCell>Manifest SHA-256</HeadCell>
          <HiddenHeadCell>Download, share</HiddenHeadCell>
        </Head>
        <Body>
          {packages.map((item) => (
            <Row key={item.id}>
              <RowHead className="whitespace-nowrap">
                <Time at={item.requestedAt} as="second" />
              </RowHead>
              <Cell label="Of" className="sm:max-w-80 [overflow-wrap:anywhere]">
                <div>
                  {ofWords(item)}
                  {item.state !== 'done' && (
                    <span className={item.state === 'failed' ? 'ml-2 text-v-tampered' : 'ml-2 text-muted'}>
                      {item.state === 'failed'
                        ? `cannot be made: ${item.failure}`
                        : item.failure
                          ? `waits: ${item.failure}`
                          : 'being made…'}
                    </span>
                  )}
                </div>
              </Cell>
              <Cell label="Worst verdict">
                {item.verdict && <VerdictMark verdict={item.verdict} damaged={item.damaged} />}
              </Cell>
              <Cell label="Files" numeric>
                {item.state === 'done' ? formatCount(item.files) : ''}
              </Cell>
              <Cell label="Size" numeric>
                {item.state === 'done' ? formatBytes(item.bytes) : ''}
              </Cell>
              <Cell label="Manifest SHA-256">{item.manifestSha256 && <Hash value={item.manifestSha256} />}</Cell>
              <Cell className="text-right">
                {item.state === 'done' && item.deleted && (
                  <span className="text-sm text-muted">its records were deleted</span>
                )}
                {item.state === 'done' && !item.deleted && (
                  <div className="flex flex-wrap justify-end gap-2">
                    <a href={`/api/v1/packages/${item.id}/zip`} download className={buttonClass('plain', 'sm')}>
                      <Download size={14} aria-hidden />
                      ZIP<span className="sr-only"> of {item.fileName}</span>
                    </a>
                    <ShareButton of={{ kind: 'package', id: item.id }} name={item.fileName} size="sm" />
                  </div>
                )}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}

function ofWords({ of, chains }: EvidencePackage): string {
  if (of.kind === 'period')
    return `${periodWords(of)}${chains.length > 0 ? `, ${chains.length} ${chains.length === 1 ? 'chain' : 'chains'}` : ''}`;
  const name = chains.length > 1 ? `${chains.length} chains` : (chains[0] ?? 'a chain');
  return of.kind === 'chain' ? name : `an attestation of ${name}`;
}
