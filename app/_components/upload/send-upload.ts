import type { ArchiveReceipt } from '@/lib/schemas/uploads';
import { lookAtHealth } from '../frame/use-health';
import { receiptOf } from './receipt';
import { sendResumable } from './resumable';
import { type SendProgress, sendFile } from './send';
import type { Upload } from './upload';
import { newProgressId, watchArchive } from './watch-archive';

export { watchVerdict } from './watch-verdict';

/** Sends one file, whole or in parts, and gives the receipt of what became of it. `change` is told how far it is. @throws RequestError */
export async function sendUpload(
  upload: Upload,
  change: (next: Partial<Upload>) => void,
  signal: AbortSignal,
): Promise<ArchiveReceipt> {
  let progressId = newProgressId();
  const watching: { stop?: () => void } = {};
  const onWhole = (): void => {
    watching.stop ??= watchArchive(progressId, (taking) => change({ taking }));
  };
  // The server knows an upload in parts by the last part of its address.
  const onUrl = (url: string): void => {
    progressId = url.split('/').at(-1) ?? progressId;
  };
  try {
    return await sendWhole(upload, { change, signal, progressId, onUrl, onWhole });
  } finally {
    watching.stop?.();
  }
}

type Sending = {
  change: (next: Partial<Upload>) => void;
  signal: AbortSignal;
  progressId: string;
  onUrl: (url: string) => void;
  /** All of it was sent. */
  onWhole: () => void;
};

function sendWhole(
  { file, fingerprint, chain, format, left, sentBytes }: Upload,
  { change, signal, progressId, onUrl, onWhole }: Sending,
): Promise<ArchiveReceipt> {
  const onProgress = ({ sentBytes: sent, bytesPerSecond, whole }: SendProgress): void => {
    change({ sentBytes: sent, bytesPerSecond, phase: whole ? 'storing' : 'sending' });
    if (whole) onWhole();
  };
  const onHitch = (hitch: string | null): void => {
    change({ hitch });
    if (hitch) lookAtHealth();
  };
  // Its bytes are all with the server: the file is not needed any more.
  if (!file) {
    change({ phase: 'storing', error: null });
    onUrl(left?.url ?? '');
    onWhole();
    return receiptOf(left?.url ?? '', onHitch, signal);
  }
  change({ phase: 'sending', bytesPerSecond: 0, error: null, sentBytes: fingerprint === null ? 0 : sentBytes });
  return fingerprint === null
    ? sendFile({ file, chain, format }, progressId, onProgress, signal)
    : sendResumable({ file, fingerprint, chain, format, onProgress, onUrl, onHitch, signal });
}
