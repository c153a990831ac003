import 'server-only';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openArchive } from '../../archive/archive';
import { fileKindOf } from '../../core/bytes/file-kind';
import { AppError } from '../../core/errors';
import { MAX_RULE_LENGTH } from '../../schemas/rules';

/** A file that may be a rule; `text` is null of one that is too long or not UTF-8. */
export type RuleText = { file: string; text: string | null };

const MAX_BYTES = 20 * 1024 * 1024;
/** Of an archive. */
const LIMITS = { entries: 10_000, plainBytes: 100 * 1024 * 1024, ratio: 100 };
/** Those of them that may be rules; SigmaHQ has about 3,000. */
const MOST_FILES = 5_000;
const RULE_NAME = /\.ya?ml$/i;

/**
 * The texts of one YAML file, or of those of an archive, in its order; and how many others it holds.
 * @throws AppError TOO_LARGE past 20 MiB, 5,000 rule files or what archives may hold; UNREADABLE_BODY for a damaged one.
 */
export async function readRuleFiles(
  body: AsyncIterable<Uint8Array>,
  name: string,
): Promise<{ texts: RuleText[]; otherFiles: number }> {
  const bytes = await bounded(body, MAX_BYTES);
  if (bytes === null)
    throw new AppError('TOO_LARGE', `rules are taken in files of up to ${MAX_BYTES} bytes`, { limitBytes: MAX_BYTES });
  if (fileKindOf(bytes.subarray(0, 4)) !== 'zip')
    return { texts: [{ file: name, text: utf8Of(bytes) }], otherFiles: 0 };
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-rules-'));
  try {
    const file = path.join(folder, 'rules.zip');
    await writeFile(file, bytes);
    return await readArchive(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readArchive(file: string): Promise<{ texts: RuleText[]; otherFiles: number }> {
  const archive = await openArchive(file, LIMITS);
  try {
    const rules = archive.entries.filter((entry) => RULE_NAME.test(entry.path));
    if (rules.length > MOST_FILES)
      throw new AppError('TOO_LARGE', `it holds more than ${MOST_FILES} rule files: take them in parts`, {
        limitEntries: MOST_FILES,
      });
    const texts: RuleText[] = [];
    for (const entry of rules) {
      // In UTF-8 no character that counts as one takes more than three bytes.
      const bytes = await bounded(entry.open(), 3 * MAX_RULE_LENGTH);
      texts.push({ file: entry.path, text: bytes === null ? null : utf8Of(bytes) });
    }
    return { texts, otherFiles: archive.entries.length - rules.length };
  } finally {
    await archive.close();
  }
}

/** Null past a limit; what it comes from is read no further. */
async function bounded(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function utf8Of(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.length > MAX_RULE_LENGTH || text.includes('\0') ? null : text;
  } catch {
    return null; // not UTF-8: the decoder throws for nothing else
  }
}
