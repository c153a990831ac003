import 'server-only';
import { Readable } from 'node:stream';
import type { Actor } from '../access/actor';
import type { Context } from '../context';
import { sampleWeek } from './sample/week';
import { ingestUpload } from './upload';

const HOUR_MS = 3_600_000;

/** Sends a week of sample chains through the same door as anybody's logs. Within the same hour it creates nothing twice. */
export async function loadSampleData(ctx: Context, { actor }: { actor: Actor }): Promise<{ chains: number }> {
  const endMs = Math.floor(ctx.now().getTime() / HOUR_MS) * HOUR_MS;
  const uploads = sampleWeek(ctx.hasher, endMs);
  for (const { chain, fileName, lines } of uploads) {
    await ingestUpload(ctx, { chain: `sample/${chain}`, fileName, body: inChunks(lines), actor });
  }
  return { chains: new Set(uploads.map(({ chain }) => chain)).size };
}

function inChunks(lines: readonly string[]): AsyncIterable<Uint8Array> {
  return Readable.from([Buffer.from(`${lines.join('\n')}\n`)]);
}
