'use client';
import { clsx } from 'clsx';
import { Link } from '../ui/link';
import type { ReactNode } from 'react';
import { KNOWN_FORMATS } from '#known';
import type { FormatId } from '@/lib/core/chain/format';
import { Time } from '../time/time';
import { VerdictMark } from '../verdict/verdict-mark';
import { describe, percentOf } from './describe';
import { TrayArchive } from './tray-archive';
import { TrayVerdict } from './tray-verdict';
import { type Upload, isHeld } from './upload';

/** What a person is asked for: browsers let go of files when a page is loaded again. */
const AGAIN = {
  file: 'Choose the same file again',
  folder: 'Choose the same folder again',
  files: 'Choose the same files again',
} as const;

/** One file: name, size, speed, share sent; then the recognised format; then its verdict, or what is in it and theirs. */
export function TrayItem({
  upload,
  onChoose,
  onFormat,
  children,
}: {
  upload: Upload;
  onChoose: () => void;
  /** It is to be sent again as this. */
  onFormat: (format: FormatId) => void;
  children: ReactNode;
}) {
  const { name, phase, sentBytes, result, chains, hitch, left } = upload;
  const percent = percentOf(upload);
  const underWay =
    phase === 'sending' || phase === 'storing' || isHeld(upload) || (phase === 'waiting' && sentBytes > 0);
  const only = result?.archive === null ? (result.uploads[0] ?? result.sidecars[0]) : undefined;
  return (
    <li className="px-3 py-2.5">
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" title={name}>
            {only ? (
              <Link href={`/chains/${only.chainId}`} className="link">
                {name}
              </Link>
            ) : (
              name
            )}
          </p>
          <p className="text-xs text-muted tabular">{describe(upload)}</p>
        </div>
        {children}
      </div>
      {underWay && (
        <div
          role="progressbar"
          aria-label={`${name} sent`}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
          className="mt-2 h-1 overflow-hidden rounded-full bg-sunken"
        >
          <div
            className={clsx('h-full', hitch || isHeld(upload) ? 'bg-faint' : 'bg-ink')}
            style={{ width: `${percent}%` }}
          />
        </div>
      )}
      <div aria-live="polite">
        {(phase === 'checking' || phase === 'done') && (
          <div className="mt-1.5 text-xs">
            {!result && <VerdictMark verdict="pending" />}
            {result &&
              (result.archive ? (
                <TrayArchive result={result} chains={chains} />
              ) : (
                <TrayVerdict chain={chains.get(only?.chainId ?? '')} />
              ))}
          </div>
        )}
        {hitch && <p className="mt-1.5 text-xs text-v-warnings">{hitch}. Tried again by itself.</p>}
        {phase === 'left' && left && (
          <p className="mt-1.5 text-xs text-muted">
            Begun <Time at={left.begunAt} />.{' '}
            <button type="button" className="link" onClick={onChoose} aria-label={`${AGAIN[left.kind]}: ${name}`}>
              {AGAIN[left.kind]}
            </button>{' '}
            to go on from there.
          </p>
        )}
        {upload.error && <Failed upload={upload} error={upload.error} onFormat={onFormat} />}
      </div>
    </li>
  );
}

/** What went wrong; where only the format is not told, it can be. */
function Failed({
  upload: { name, file },
  error,
  onFormat,
}: {
  upload: Upload;
  error: NonNullable<Upload['error']>;
  onFormat: (format: FormatId) => void;
}) {
  return (
    <>
      <p role="alert" className="mt-1.5 text-xs text-v-tampered">
        {error.title}. <span className="text-muted">{error.sentence}</span>
      </p>
      {error.code === 'UNKNOWN_FORMAT' && file && <FormatPicker name={name} onFormat={onFormat} />}
    </>
  );
}

/** What the file is, when the server cannot tell. */
function FormatPicker({ name, onFormat }: { name: string; onFormat: (format: FormatId) => void }) {
  return (
    <label className="mt-1.5 flex items-center gap-2 text-xs">
      It is a log of
      <select
        aria-label={`Format of ${name}`}
        value=""
        onChange={({ target }) => {
          const chosen = KNOWN_FORMATS.find(({ id }) => id === target.value);
          if (chosen) onFormat(chosen.id);
        }}
        className="h-7 rounded-md border border-edge bg-surface px-1.5"
      >
        <option value="">choose, and it is sent again</option>
        {KNOWN_FORMATS.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
