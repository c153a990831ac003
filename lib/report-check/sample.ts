import 'server-only';
import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { NEWLINE_BYTES } from '../core/bytes/newline';
import { SAMPLE_METHOD, createDraw } from '../core/sampling/draw';
import { briefInstant } from '../lake/time';
import type { RunSample } from '../schemas/run-sample';
import type { recordsOf } from './records';
import { sortRecords } from './sorted-records';

type Asked = { seed: string; size: number };
/** A sample of the records a run is of: what was drawn, as `sample.json` has it, and the lines, each with a newline behind it. */
export type DrawnSample = { sample: RunSample; json: Buffer; lines: Buffer };

/** Draws from the lines of a run's records, in the order of its tables, as they lie in the bytes that it names. @throws as `recordsOf`. */
export async function drawRunSample(
  ctx: Parameters<typeof recordsOf>[0],
  run: Parameters<typeof recordsOf>[1],
  { asked, folder, tell }: { asked: Asked; folder: string; tell: Parameters<typeof sortRecords>[3] },
): Promise<DrawnSample> {
  const sorted = await sortRecords(ctx, { ...run, withLines: true }, await mkdtemp(path.join(folder, 'lines-')), tell);
  const drawing = createDraw<RunSample['records'][number] & { bytes: Buffer }>(() => createHash('sha256'), asked);
  for await (const record of sorted.read()) {
    const bytes = Buffer.from(String(record['line']), 'base64');
    drawing.push(bytes, {
      bytes,
      rank: '',
      line: 0,
      chainId: record.chain_id,
      chain: String(record['chain']),
      ordinal: record.ordinal,
      recordedAt: briefInstant(record.recorded_at),
      segmentSha256: String(record['segment_sha256']),
      byteOffset: Number(record['byte_offset']),
      byteLength: Number(record['byte_length']),
    });
  }
  const { population, drawn } = drawing.result();
  const sample: RunSample = {
    population: { ...run.period, ...population },
    seed: asked.seed,
    size: asked.size,
    method: SAMPLE_METHOD,
    records: drawn.map(({ rank, line, of: { bytes: _, ...record } }) => ({ ...record, rank, line })),
  };
  return {
    sample,
    json: Buffer.from(`${JSON.stringify(sample, null, 2)}\n`),
    lines: Buffer.concat(drawn.flatMap(({ of: { bytes } }) => [bytes, NEWLINE_BYTES])),
  };
}
