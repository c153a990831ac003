import { Readable } from 'node:stream';
import { fileAnswer } from '@/app/_server/file-answer';
import { handler } from '@/app/_server/handler';
import { drawSample } from '@/lib/package/sample/draw-sample';
import { streamInTurn } from '@/lib/events/turns';
import { SampleQuery } from '@/lib/schemas/sample';

/** Records drawn from what a search finds, by a seed. */
export const GET = handler(
  {
    summary:
      'Draws a sample of what a search finds by a seed: the same of the same records for anybody. A JSON text a line: how far it is, at last the sample with the SHA-256 of the population.',
    access: 'read',
    downloads: 'records',
    query: SampleQuery,
    answers: { 200: { is: 'Lines of JSON, the last of which has `sample`.', types: ['application/x-ndjson'] } },
    errors: ['NOT_FOUND', 'SEARCH_TOO_LARGE', 'BUSY'],
  },
  async ({ ctx, actor, query, request: { signal } }) =>
    fileAnswer(
      await streamInTurn(ctx, { actor, signal }, async () =>
        Readable.from(told(drawSample(ctx, { ...query, signal })), { objectMode: false }),
      ),
      { name: 'sample.ndjson', type: 'application/x-ndjson' },
    ),
);

async function* told(steps: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const step of steps) yield `${JSON.stringify(step)}\n`;
}
