'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatBytes, formatSpeed } from '../format/bytes';
import { formatCount, formatNoun } from '../format/number';
import { FORMAT_LABEL } from '../verdict/formats';
import { VerdictMark } from '../verdict/verdict-mark';
import type { Upload } from './upload';

const PLACEMENT = {
  new: 'new chain',
  identical: 'the same bytes as before in chain',
  extends: 'extends chain',
  continues: 'continues chain',
  shorter: 'shorter than before, in chain',
  forks: 'forks off chain',
  rewrites: 'rewrites the history of chain',
  replaces: 'takes the place of what was in chain',
} as const;

/** One file: name, size, speed, share sent; then the recognised format; then its verdict. */
export function TrayItem({ upload, children }: { upload: Upload; children: ReactNode }) {
  const { file, phase, sentBytes, receipt, verdict } = upload;
  const percent = file.size === 0 ? 100 : Math.floor((100 * sentBytes) / file.size);
  const sending = phase === 'sending' || phase === 'storing';
  return (
    <li className="px-3 py-2.5">
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" title={file.name}>
            {receipt ? (
              <Link href={`/chains/${receipt.chainId}`} className="link">
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
          <p className="mt-1.5 text-xs">
            <VerdictMark verdict={verdict?.verdict ?? 'pending'} /> <span className="text-muted">{verdict?.failure ?? (verdict?.verdict === 'pending' ? progress(upload) : verdict?.sentence)}</span>
          </p>
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

function describe({ file, phase, sentBytes, bytesPerSecond, receipt }: Upload, percent: number): string {
  const size = formatBytes(file.size);
  if (receipt) return `${FORMAT_LABEL[receipt.format]}, ${formatNoun(receipt.records, 'record')}, ${formatBytes(receipt.bytes)}, ${PLACEMENT[receipt.placement]}${receipt.chain === file.name ? '' : ` ${receipt.chain}`}${receipt.forkedAt === null ? '' : ` from record ${formatCount(receipt.forkedAt)} on`}`;
  if (phase === 'sending') return `${formatBytes(sentBytes)} of ${size}, ${percent}%${bytesPerSecond > 0 ? `, ${formatSpeed(bytesPerSecond)}` : ''}`;
  if (phase === 'storing') return `${size} sent, being written to the evidence store`;
  return phase === 'waiting' ? `${size}, waiting` : size;
}

function progress({ verdict }: Upload): string {
  if (!verdict || verdict.records === 0) return 'Stored. Waiting for its check.';
  return `Stored. ${formatNoun(verdict.progress.verified, 'record')} of ${verdict.records.toLocaleString('en-GB')} checked.`;
}
