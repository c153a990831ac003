'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { UploadReceipt } from '@/lib/schemas/uploads';
import { formatBytes, formatSpeed } from '../format/bytes';
import { formatCount, formatNoun } from '../format/number';
import { FORMAT_LABEL } from '../verdict/formats';
import { PLACEMENT } from '../verdict/placements';
import { SIDECAR_LABEL } from '../verdict/sidecars';
import { VerdictMark } from '../verdict/verdict-mark';
import { TrayArchive } from './tray-archive';
import { TrayVerdict } from './tray-verdict';
import type { Upload } from './upload';

/** One file: name, size, speed, share sent; then the recognised format; then its verdict, or what is in it and theirs. */
export function TrayItem({ upload, children }: { upload: Upload; children: ReactNode }) {
  const { file, phase, sentBytes, result, chains } = upload;
  const percent = file.size === 0 ? 100 : Math.floor((100 * sentBytes) / file.size);
  const sending = phase === 'sending' || phase === 'storing';
  const only = result?.archive === null ? (result.uploads[0] ?? result.sidecars[0]) : undefined;
  return (
    <li className="px-3 py-2.5">
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" title={file.name}>
            {only ? (
              <Link href={`/chains/${only.chainId}`} className="link">
                {file.name}
              </Link>
            ) : (
              file.name
            )}
          </p>
          <p className="text-xs text-muted tabular">{describe(upload, percent)}</p>
        </div>
        {children}
      </div>
      {sending && (
        <div role="progressbar" aria-label={`${file.name} sent`} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} className="mt-2 h-1 overflow-hidden rounded-full bg-sunken">
          <div className="h-full bg-ink" style={{ width: `${percent}%` }} />
        </div>
      )}
      <div aria-live="polite">
        {(phase === 'checking' || phase === 'done') && (
          <div className="mt-1.5 text-xs">
            {!result && <VerdictMark verdict="pending" />}
            {result && (result.archive ? <TrayArchive result={result} chains={chains} /> : <TrayVerdict chain={chains.get(only?.chainId ?? '')} />)}
          </div>
        )}
        {upload.error && (
          <p role="alert" className="mt-1.5 text-xs text-v-tampered">
            {upload.error.title}. <span className="text-muted">{upload.error.sentence}</span>
          </p>
        )}
      </div>
    </li>
  );
}

function describe({ file, phase, sentBytes, bytesPerSecond, result }: Upload, percent: number): string {
  const size = formatBytes(file.size);
  if (result?.archive) return `${size}, ${formatNoun(result.uploads.length, 'log')} in it${result.sidecars.length > 0 ? `, ${formatNoun(result.sidecars.length, 'file')} beside` : ''}`;
  const [receipt] = result?.uploads ?? [];
  if (receipt) return placed(receipt, file.name);
  const [sidecar] = result?.sidecars ?? [];
  if (sidecar) return `${SIDECAR_LABEL[sidecar.kind]}, ${size}, beside chain ${sidecar.chain}`;
  if (phase === 'sending') return `${formatBytes(sentBytes)} of ${size}, ${percent}%${bytesPerSecond > 0 ? `, ${formatSpeed(bytesPerSecond)}` : ''}`;
  if (phase === 'storing') return `${size} sent, being written to the evidence store`;
  return phase === 'waiting' ? `${size}, waiting` : size;
}

function placed(receipt: UploadReceipt, fileName: string): string {
  const chain = receipt.chain === fileName ? '' : ` ${receipt.chain}`;
  const fork = receipt.forkedAt === null ? '' : ` from record ${formatCount(receipt.forkedAt)} on`;
  return `${FORMAT_LABEL[receipt.format]}, ${formatNoun(receipt.records, 'record')}, ${formatBytes(receipt.bytes)}, ${PLACEMENT[receipt.placement]}${chain}${fork}`;
}
