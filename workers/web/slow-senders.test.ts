import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { SLOWEST, endSlowSender } from './slow-senders';

let server: Server;
afterEach(() => server.closeAllConnections());

/** A server that allows 1,000 bytes in 200 ms, and reads as `read` does. */
async function listen(read: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  server = createServer({ headersTimeout: 300, connectionsCheckingInterval: 100 }, (request, response) => {
    endSlowSender(request, response, { bytes: 1_000, perMs: 200 });
    read(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // of TCP
}
const answerAtEnd = (request: IncomingMessage, response: ServerResponse) => {
  let sizeBytes = 0;
  request.on('data', (chunk: Buffer) => (sizeBytes += chunk.length));
  request.on('end', () => response.end(`read ${sizeBytes}`));
  request.on('error', () => undefined); // it was ended
};

/** Sends `head`, then `part` each `everyMs`, `times` over: what came back, and how long the connection was there. */
function send(
  port: number,
  { head, part, everyMs, times }: { head: string; part: string; everyMs: number; times: number },
): Promise<{ said: string; elapsedMs: number }> {
  return new Promise((resolve) => {
    const begunMs = performance.now();
    const socket = connect(port, '127.0.0.1');
    let said = '';
    let sent = 0;
    socket.write(head);
    const timer = setInterval(() => {
      if ((sent += 1) > times) clearInterval(timer);
      else socket.write(part);
    }, everyMs);
    socket.on('data', (chunk) => {
      said += chunk.toString();
      if (said.includes('read ')) socket.end();
    });
    socket.on('error', () => undefined); // what is written after the end
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ said, elapsedMs: performance.now() - begunMs });
    });
  });
}
const post = (sizeBytes: number) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${sizeBytes}\r\n\r\n`;

it('a body that comes a byte a while is ended, and holds nobody up meanwhile', async () => {
  const port = await listen(answerAtEnd);
  const slow = send(port, { head: post(10_000), part: 'x', everyMs: 20, times: 500 });
  const other = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'x'.repeat(10) });
  expect(await other.text()).toBe('read 10');
  const { said, elapsedMs } = await slow;
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  expect(elapsedMs).toBeLessThan(5_000);
});

it('a body that does not go on is ended, and so is a head that comes a byte a while', async () => {
  const port = await listen(answerAtEnd);
  expect((await send(port, { head: post(10), part: '', everyMs: 1_000, times: 0 })).said).toMatch(/^HTTP\/1\.1 408 /);
  const head = await send(port, { head: 'POST / HTTP/1.1\r\nX: ', part: 'x', everyMs: 20, times: 500 });
  expect(head.said).toMatch(/^HTTP\/1\.1 408 /);
  expect(head.elapsedMs).toBeLessThan(5_000);
});

it('a body that takes long and goes on is read to its end, and so is one that we are slow to read', async () => {
  const port = await listen(answerAtEnd);
  const long = await send(port, { head: post(20_000), part: 'x'.repeat(1_000), everyMs: 60, times: 20 });
  expect(long.said).toMatch(/read 20000$/);
  server.closeAllConnections();
  server.close();
  const sizeBytes = 40 * 1024 * 1024;
  const slowReader = await listen((request, response) => {
    setTimeout(() => answerAtEnd(request, response), 1_500);
  });
  for (const size of [sizeBytes, 10]) {
    const answer = await fetch(`http://127.0.0.1:${slowReader}`, { method: 'POST', body: Buffer.alloc(size) });
    expect(await answer.text()).toBe(`read ${size}`);
  }
});

it('allows what the slowest links carry', () => {
  expect((SLOWEST.bytes * 1_000) / SLOWEST.perMs).toBeLessThan(300);
});
