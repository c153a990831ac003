import path from 'node:path';
import type { FormatId } from '@/lib/core/chain/format';
import { type Removal, repairSentence } from '@/lib/core/chain/repair';
import { AppError } from '@/lib/core/errors';
import { createHasher } from '@/lib/crypto/hasher';
import { copyRepaired, planLogRepair } from '@/lib/verify/local/repair-log';
import { CliError } from './cli-error';
import { print, visible } from './output';

export type Options = { dryRun?: boolean; output?: string; format?: FormatId; json?: boolean };

/** Writes the copy, and says what was left out. */
export async function repair(file: string, options: Options): Promise<void> {
  const output = options.output ?? besides(file);
  try {
    const plan = await planLogRepair(file, await createHasher(), options.format);
    const { format, removal } = plan;
    const copy =
      removal && !options.dryRun ? { file: output, ...(await copyRepaired(file, output, { ...plan, removal })) } : null;
    if (options.json)
      await print(
        `${JSON.stringify({ file, format, removed: removal, copy: copy && { file: copy.file, bytes: copy.sizeBytes, sha256: copy.sha256 } })}\n`,
      );
    else await print(tell(file, removal, copy));
  } catch (error) {
    throw error instanceof AppError ? new CliError(`${file} ${error.message}`) : error;
  }
}

function tell(file: string, removal: Removal | null, copy: { file: string; sha256: string } | null): string {
  const lines = [visible(file), `  ${repairSentence(removal)}`];
  if (removal) lines.push(`  Left out  SHA-256 ${removal.sha256}`);
  if (copy) lines.push(`  Copy      SHA-256 ${copy.sha256}  ${visible(copy.file)}`);
  else if (removal) lines.push('  Nothing was written: this was a dry run.');
  return `${lines.join('\n')}\n`;
}

/** `logs/x.jsonl` becomes `logs/x.repaired.jsonl`. */
function besides(file: string): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.repaired${ext}`);
}
