import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import path from 'node:path';
import next from 'next';
import { WORKSPACE_HEADER } from '@/lib/schemas/workspace-id';
import { CompressedResponse } from './web/compressed-response';
import { peerReader } from './web/peer';
import { refusalAnswer, refusalOf } from './web/refuse';
import {
  bringsOwnPolicy,
  contentSecurityPolicy,
  headersOf,
  SECURITY_HEADERS,
  STRICT_TRANSPORT,
} from './web/security-headers';
import { endSlowSender } from './web/slow-senders';
import { staticFiles } from './web/static-files';
import { workspaceAddress } from './web/workspace-address';

// The web process: Next behind a plain Node server that sets what every answer must carry.
const dev = process.env['NODE_ENV'] === 'development';
const host = process.env['SEALTRAIL_HOST'] ?? '127.0.0.1';
const port = Number(process.env['SEALTRAIL_PORT']);
const dir = process.env['SEALTRAIL_ROOT'] ?? process.cwd();
const isHttps = process.env['SEALTRAIL_URL']?.startsWith('https:') ?? false;
const headers = [...Object.entries(SECURITY_HEADERS), ...(isHttps ? [STRICT_TRANSPORT] : [])];
const peerOf = peerReader(process.env['SEALTRAIL_TRUSTED_PROXIES'] ?? '');
if (!Number.isInteger(port) || port < 1)
  throw new Error('SEALTRAIL_PORT is missing: this process is started by the supervisor');

// An upload of many gigabytes may take as long as it takes while it goes on; only its head must come soon. An address may hold the id of a session, which is as
// long as an agent made it, and stands in several headers of what its page asks for.
const server = createServer({
  maxHeaderSize: 512 * 1024,
  requestTimeout: 0,
  headersTimeout: 60_000,
  keepAliveTimeout: 30_000,
  ServerResponse: CompressedResponse,
});
const app = next({ dev, dir, hostname: host, port, httpServer: server });
await app.prepare();
const handle = app.getRequestHandler();
const isStatic = dev ? () => false : staticFiles(path.join(dir, '.next', 'static'));

server.on('request', (request, response) => {
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, { dev });
  // Next takes the nonce for its own scripts from the request; what a client sends under these names is not ours.
  request.headers['content-security-policy'] = policy;
  delete request.headers['content-security-policy-report-only'];
  delete request.headers['x-nonce'];
  // Where a page that needs a session is gone back to after sign-in.
  request.headers['x-sealtrail-address'] = request.url ?? '/';
  // Who connects, for limits on sign-in. A header of the client's own would let it be anybody.
  request.headers['x-sealtrail-peer'] = peerOf(request);
  delete request.headers[WORKSPACE_HEADER];
  const within = workspaceAddress(request.url ?? '/');
  if (within) request.url = within.url;
  if (within?.workspaceId) request.headers[WORKSPACE_HEADER] = within.workspaceId;
  for (const [name, value] of [...headers, ...headersOf(request.url ?? '')]) response.setHeader(name, value);
  if (!bringsOwnPolicy(request.url ?? '')) response.setHeader('Content-Security-Policy', policy);
  const refusal = refusalOf(request.method ?? '', request.url ?? '');
  if (refusal) {
    const { headers, body } = refusalAnswer(refusal);
    response.writeHead(refusal.status, headers).end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  if (isStatic(request, response)) return;
  endSlowSender(request, response);
  handle(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
if (dev) {
  const upgrade = app.getUpgradeHandler();
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
}
server.once('error', (error) => {
  throw error;
});
server.listen({ host, port }, () => process.send?.({ type: 'ready' }));

let stopping = false;
/** No new requests; those running may finish within 2 s. */
function stop(): void {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(0), 2000).unref();
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
