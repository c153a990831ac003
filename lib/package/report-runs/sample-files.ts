import 'server-only';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { proveRecord } from '../../attest/tree/prove-record';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { formatRecordProof } from '../../core/merkle/record-proof';
import { drawRunSample } from '../../report-check/sample';
import type { SampledProof } from '../../schemas/run-sample';
import type { PackageFiles } from '../files';
import type { Making } from './kinds/run-kind';

const SAMPLE_FILES = ['sample.json', 'sample.ndjson', 'sample-proofs.ndjson'] as const;

/** Names of the files of the sample that a definition asks for. */
export function sampleFiles(definition: Making['definition']): readonly string[] {
  return definition?.sample ? SAMPLE_FILES : [];
}

/** Draws the sample of a run whose other files are made, and proves each of its records that an attestation covers. @throws AppError EVIDENCE_MISSING, EVIDENCE_ALTERED. */
export async function addSample(
  ctx: Context,
  { period, definition, chains }: Pick<Making, 'period' | 'definition' | 'chains'>,
  files: PackageFiles,
  begin: (file: string) => Promise<void>,
): Promise<void> {
  const asked = definition?.sample;
  if (!asked) return;
  const [list, drawn, proofs] = SAMPLE_FILES;
  await begin(list);
  const folder = await mkdtemp(path.join(tmpdir(), 'sealtrail-sample-'));
  try {
    const named = {
      chains: [...chains],
      period,
      definition,
      files: files.entries().map(({ path: file, digest: sha256, sizeBytes }) => ({ path: file, sha256, sizeBytes })),
    };
    const tell = { bytes: () => {}, chain: () => {}, counted: () => {}, batch: () => begin(list) };
    const { sample, json, lines } = await drawRunSample(ctx, named, { asked, folder, tell });
    await files.add(list, json);
    await files.add(drawn, lines);
    await begin(proofs);
    await files.stream(proofs, proofLines(ctx, sample.records));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* proofLines(
  ctx: Context,
  records: readonly { chainId: string; ordinal: number }[],
): AsyncGenerator<string> {
  for (const { chainId, ordinal } of records) {
    const line: SampledProof = { chainId, ordinal, proof: await proofOf(ctx, { chainId, ordinal }) };
    yield `${JSON.stringify(line)}\n`;
  }
}

/** Null while no attestation that stands covers the record. */
async function proofOf(ctx: Context, record: { chainId: string; ordinal: number }): Promise<SampledProof['proof']> {
  try {
    return JSON.parse(formatRecordProof((await proveRecord(ctx, record)).proof)) as SampledProof['proof']; // an object, as it is written
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFLICT') return null;
    throw error;
  }
}
