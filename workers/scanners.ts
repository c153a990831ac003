import { toBase64 } from '@/lib/core/base64';
import { scannerBytes } from '@/lib/core/fastpath/module';
import { scannerName } from '@/lib/core/fastpath/scanner';
import { FORMATS } from '@/lib/core/formats';

/** What `lib/core/fastpath/written.ts` holds in programs. */
export const SCANNERS = Object.fromEntries(
  FORMATS.flatMap((format) => {
    const { fastpath } = format;
    if (!fastpath) return [];
    return [false, true].map((canonical) => [
      scannerName(format, canonical),
      toBase64(scannerBytes(fastpath, { canonical })),
    ]);
  }),
);
