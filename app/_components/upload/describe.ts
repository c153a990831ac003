import type { UploadReceipt } from '@/lib/schemas/uploads';
import { formatBytes, formatSpeed } from '../format/bytes';
import { formatDuration } from '../format/duration';
import { formatCount, formatNoun } from '../format/number';
import { FORMAT_LABEL } from '@/lib/schemas/formats';
import { RELATION_TO_CHAIN } from '../verdict/upload-relations';
import { SIDECAR_LABEL } from '@/lib/schemas/formats';
import type { Upload } from './upload';

/** Share sent, whole percent: 100 only when all is. */
export function percentOf({ sentBytes, sizeBytes }: Upload): number {
  return sizeBytes === 0 ? 100 : Math.floor((100 * sentBytes) / sizeBytes);
}

/** Where it is, in a line: how much was sent and how fast, then what was recognised and where it went. */
export function describe(upload: Upload): string {
  const { name, sizeBytes, phase, sentBytes, bytesPerSecond, taking, result, hitch } = upload;
  const size = formatBytes(sizeBytes);
  if (result?.archive)
    return `${size}, ${formatNoun(result.uploads.length, 'log')} in it${result.sidecars.length > 0 ? `, ${formatNoun(result.sidecars.length, 'sidecar file')}` : ''}`;
  const [receipt] = result?.uploads ?? [];
  if (receipt) return describeReceipt(receipt, name);
  const [sidecar] = result?.sidecars ?? [];
  if (sidecar) return `${SIDECAR_LABEL[sidecar.kind]}, ${size}, a sidecar of chain ${sidecar.chain}`;
  const sent = `${formatBytes(sentBytes)} of ${size}, ${percentOf(upload)}%`;
  switch (phase) {
    case 'sending':
      if (hitch) return sent;
      return bytesPerSecond > 0
        ? `${sent}, ${formatSpeed(bytesPerSecond)}, ${formatDuration(((sizeBytes - sentBytes) * 1000) / bytesPerSecond)} left`
        : sent;
    case 'paused':
      return `${sent}, paused`;
    case 'left':
      return `${sent}, not finished`;
    case 'storing':
      if (taking && taking.logs > 1)
        return `${size} sent, ${formatCount(taking.stored < taking.logs ? taking.stored : taking.named)} of ${formatNoun(taking.logs, 'log')} ${taking.stored < taking.logs ? 'stored' : 'ingested'}`;
      return `${size} sent, being written to the evidence store`;
    case 'waiting':
      return `${sentBytes > 0 ? sent : size}, waiting`;
    default:
      return size;
  }
}

function describeReceipt(receipt: UploadReceipt, fileName: string): string {
  const chain = receipt.chain === fileName ? '' : ` ${receipt.chain}`;
  const fork = receipt.forkedAt === null ? '' : ` from record ${formatCount(receipt.forkedAt)} on`;
  return `${FORMAT_LABEL[receipt.format]}, ${formatNoun(receipt.records, 'record')}, ${formatBytes(receipt.bytes)}, ${RELATION_TO_CHAIN[receipt.relation]}${chain}${fork}`;
}
