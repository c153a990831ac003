import { FORMATS } from '@/lib/core/formats';
import { print } from './output';

export type Options = { json?: boolean };

export async function formats({ json }: Options): Promise<void> {
  for (const { id, label, hashAlgorithm, firstSequence, restarts, legacyPrefix } of FORMATS) {
    if (json)
      await print(
        `${JSON.stringify({ id, label, hashAlgorithm, numbered: firstSequence !== null, restarts, legacyPrefix })}\n`,
      );
    else {
      const notes = [
        firstSequence === null ? 'no numbers' : `numbered from ${firstSequence}`,
        ...(restarts ? ['may restart within one file'] : []),
        ...(legacyPrefix ? ['may begin with records without a hash'] : []),
      ];
      await print(
        `${id.padEnd(12)}${label.padEnd(12)}${(hashAlgorithm === 'sha256' ? 'SHA-256' : 'BLAKE3').padEnd(9)}${notes.join(', ')}\n`,
      );
    }
  }
}
