import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createToken } from '@/lib/access/tokens';
import type { Context } from '@/lib/context';
import { testActor, testAdmin } from './actor';

type Handler = (request: Request, segment: { params: Promise<Record<string, string>> }) => Promise<Response>;
export type AppendServer = {
  url: string;
  token: string;
  /** Ends every connection and answers nobody until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Requests that came, in order. */
  requests: { method: string; path: string; headers: Headers }[];
};

/** The routes of chains as they are, behind a plain HTTP server instead of Next's. */
export async function startAppendServer(ctx: Context, routes: Record<string, Handler>): Promise<AppendServer> {
  Object.assign(globalThis, { sealtrailContext: Promise.resolve(ctx) });
  await testAdmin(ctx, { name: 'Somebody', email: 'somebody@example.com', password: 'only-for-this-test' });
  const { token } = await createToken(ctx, { name: 'forwarder', scopes: ['ingest'], actor: testActor() });
  const requests: AppendServer['requests'] = [];
  let port = 0;
  let server: Server | null = null;

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    requests.push({ method: request.method, path: url.pathname, headers: request.headers });
    const [, chain = '', what = ''] = /^\/api\/v1\/chains\/([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    const route = routes[what];
    return route
      ? route(request, { params: Promise.resolve({ chainId: decodeURIComponent(chain) }) })
      : new Response('nothing here', { status: 404 });
  }

  const start = () =>
    new Promise<void>((resolve, reject) => {
      const made = createServer((incoming, outgoing) => {
        const headers = new Headers(
          Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
        );
        // Node's stream is the platform's, under another type.
        const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
        void answer(
          new Request(`http://127.0.0.1:${port}${incoming.url}`, {
            method: incoming.method,
            headers,
            body,
            duplex: 'half',
          } as RequestInit),
        ).then(
          async (response) => {
            outgoing.writeHead(response.status, Object.fromEntries(response.headers));
            outgoing.end(response.body ? await text(response.body) : undefined);
          },
          () => outgoing.destroy(),
        );
      });
      made.once('error', reject);
      made.listen(port, '127.0.0.1', () => {
        port = (made.address() as AddressInfo).port; // it listens on a port
        server = made;
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
      server = null;
    });
  await start();
  return { url: `http://127.0.0.1:${port}`, token, stop, start, requests };
}
