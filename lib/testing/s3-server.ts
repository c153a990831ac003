import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import S3rver from 's3rver';

export type S3TestServer = { url: string; requests: string[]; stop(): Promise<void> };

/**
 * An S3-compatible server on loopback, with what it lacks of S3's present protocol in front of it: a write with `If-None-Match: *` is
 * refused with 412 when the object is there (PutObject, CompleteMultipartUpload).
 */
export async function startS3Server(bucket: string): Promise<S3TestServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sealtrail-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  const requests: string[] = [];
  const front = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming;
    requests.push(`${method} ${url} ${incoming.headers['if-none-match'] ?? ''}`.trim());
    const isConditional =
      incoming.headers['if-none-match'] === '*' &&
      (method === 'PUT' || (method === 'POST' && url.includes('uploadId=')));
    if (!isConditional) return forward(port, incoming, outgoing);
    delete incoming.headers['if-none-match'];
    void exists(port, url.split('?')[0] ?? '/').then((isThere) => {
      if (!isThere) return forward(port, incoming, outgoing);
      incoming.resume();
      outgoing
        .writeHead(412, { 'Content-Type': 'application/xml' })
        .end(
          '<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>',
        );
    });
  });
  const frontPort = await listen(front);
  return {
    url: `s3://${bucket}/evidence?endpoint=${encodeURIComponent(`http://127.0.0.1:${frontPort}`)}&region=us-east-1`,
    requests,
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function forward(port: number, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const onward = request(
    { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

function exists(port: number, pathname: string): Promise<boolean> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, method: 'HEAD', path: pathname }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).end();
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
