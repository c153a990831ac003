import 'server-only';
import type { Context } from '../context';
import { splitLines } from '../core/bytes/lines';
import { AppError } from '../core/errors';
import { type JsonObject, readObject } from '../core/formats/read-line';
import type { Statement } from '../core/statements/statement';
import type { Facts } from './facts';
import { readRanges } from './read-ranges';
import { excerptName } from './statements';

/** The tool's own statement of a run, from the records as they lie in evidence; none where the tool makes none. @throws AppError CONFLICT when it cannot be made of these. */
export async function runStatements(ctx: Context, facts: Facts, run: string, at: Date): Promise<Statement[]> {
  const { covered, segments, uploads, format } = facts;
  if (!format.runStatement) return [];
  const { keep, build } = format.runStatement;
  const records: JsonObject[] = [];
  for await (const line of splitLines(readRanges(ctx.evidence, segments, covered.excerpt?.ranges ?? [])))
    records.push(keep(readObject(line.bytes)));
  const subject = covered.excerpt
    ? [{ name: excerptName(facts.chain.name, facts), digest: { sha256: covered.excerpt.sha256 } }]
    : [];
  const chainFile = uploads.at(-1)?.file_name ?? `${facts.chain.name}.jsonl`;
  try {
    return [build({ run, records, chainFile, generatedAt: at.toISOString() }, subject)];
  } catch (error) {
    throw new AppError(
      'CONFLICT',
      `${format.label}'s attestation cannot be made of this run: ${error instanceof Error ? error.message : ''}`,
      { run },
      { cause: error },
    );
  }
}
