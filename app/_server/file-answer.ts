import 'server-only';
import { Readable } from 'node:stream';
import { begun } from './begun';

/** A file to save, streamed. What fails before its first bytes is answered with its own status; what fails behind them cuts it off. */
export async function fileAnswer(
  stream: Readable,
  { name, type, headers = {} }: { name: string; type: string; headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  const body = Readable.toWeb(stream) as ReadableStream<Uint8Array>; // node's type of the same thing
  return new Response(await begun(body), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
      ...headers,
    },
  });
}
