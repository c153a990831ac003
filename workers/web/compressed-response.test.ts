import { type IncomingHttpHeaders, type ServerResponse, createServer, get, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, pipeline } from 'node:stream';
import { brotliDecompressSync, createGunzip, gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { acceptedEncoding } from './accepted';
import { CompressedResponse } from './compressed-response';

const PAGE = `<!doctype html>${'<p>every record holds</p>'.repeat(500)}`;
let stop = () => {};
afterEach(() => stop());

async function serve(answer: (response: ServerResponse & { flush?: () => void }) => void): Promise<string> {
  const server = createServer({ ServerResponse: CompressedResponse }, (_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
}

/** As sent, nothing decoded. */
function fetchRaw(
  url: string,
  accept = 'gzip, br',
  method = 'GET',
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { 'accept-encoding': accept } }, async (response) => {
      resolve({ headers: response.headers, body: Buffer.concat(await response.toArray()) });
    })
      .on('error', reject)
      .end();
  });
}

it.each([
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1.0, br;q=0', 'gzip'],
  ['GZIP', 'gzip'],
  ['identity', null],
  [undefined, null],
])('of "%s" takes %s', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding);
});

it('compresses a page as the client reads it', async () => {
  const url = await serve((response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': PAGE.length, ETag: '"1"' })
      .end(PAGE),
  );
  const br = await fetchRaw(url);
  expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding', etag: 'W/"1"' });
  expect(br.headers['content-length']).toBeUndefined();
  expect(brotliDecompressSync(br.body).toString()).toBe(PAGE);
  expect(br.body.length).toBeLessThan(PAGE.length / 20);
  expect(gunzipSync((await fetchRaw(url, 'gzip')).body).toString()).toBe(PAGE);
  const plain = await fetchRaw(url, '');
  expect([plain.headers['content-length'], plain.body.toString()]).toEqual([String(PAGE.length), PAGE]);
  const head = await fetchRaw(url, 'br', 'HEAD');
  expect([head.headers['content-encoding'], head.body.length]).toEqual([undefined, 0]);
});

it.each([
  ['an event stream', { 'content-type': 'text/event-stream' }],
  ['rows', { 'content-type': 'application/x-ndjson' }],
  ['a table', { 'content-type': 'text/csv; charset=utf-8' }],
  ['bytes of a log', { 'content-type': 'application/octet-stream' }],
  ['a file to keep', { 'content-type': 'text/html', 'content-disposition': 'attachment; filename="x.html"' }],
  ['a part', { 'content-type': 'text/html', 'content-range': 'bytes 0-9/100' }],
  ['what is encoded already', { 'content-type': 'text/html', 'content-encoding': 'zstd' }],
])('leaves %s as it is', async (_, headers) => {
  const url = await serve((response) => response.writeHead(200, headers).end(PAGE));
  const { body } = await fetchRaw(url);
  expect(body.toString()).toBe(PAGE);
});

it('sends short answers, with their length, as they are', async () => {
  const url = await serve((response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end('{"ok":true}');
  });
  const { headers, body } = await fetchRaw(url);
  expect([headers['content-length'], headers['content-encoding'], body.toString()]).toEqual([
    '11',
    undefined,
    '{"ok":true}',
  ]);
});

it('sends the frame of a page before the rest of it is there', async () => {
  let finish = () => {};
  const url = await serve((response) => {
    response.setHeader('Content-Type', 'text/html');
    response.write('<html>frame');
    response.flush?.();
    finish = () => response.end('rest</html>');
  });
  const text = await new Promise<string>((resolve) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let seen = '';
      response.pipe(createGunzip()).on('data', (chunk: Buffer) => {
        seen += chunk.toString();
        if (seen === '<html>frame') finish();
        if (seen.endsWith('</html>')) resolve(seen);
      });
    });
  });
  expect(text).toBe('<html>framerest</html>');
});

it('holds no more than the client takes, and ends when it goes', async () => {
  let made = 0;
  const closed = Promise.withResolvers<void>();
  // Random: what compresses well never fills anything.
  const chunk = () => {
    made += 1;
    return crypto.getRandomValues(new Uint8Array(65_536));
  };
  const url = await serve((response) => {
    response.setHeader('Content-Type', 'application/json');
    const endless = new Readable({ read: () => void endless.push(chunk()) });
    pipeline(endless, response, () => closed.resolve());
  });
  await new Promise<void>((resolve) => {
    const call = get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      response.pause();
      // As much as sockets and buffers hold, then no more.
      let before = -1;
      const settled = setInterval(() => {
        if (made === before && made > 0) {
          clearInterval(settled);
          call.destroy();
          resolve();
        }
        before = made;
      }, 200);
    });
    call.on('error', () => {});
  });
  await closed.promise;
  expect(made).toBeLessThan(2000);
});
