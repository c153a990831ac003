import type { IncomingMessage, ServerResponse } from 'node:http';

/** The least a client sends of a body: 8 KiB in each half minute. The slowest links carry a hundred times as much. */
export const SLOWEST = { bytes: 8 * 1024, perMs: 30_000 };

/**
 * Ends a request whose client sends its body slower than that, with 408 where nothing was answered yet: one that sends a byte a while holds a connection,
 * and what reads the body, for no longer. The time in which it is us who do not read does not count.
 */
export function endSlowSender(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, perMs }: typeof SLOWEST = SLOWEST,
): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { socket } = request;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    const sent = socket.bytesRead - seen;
    seen = socket.bytesRead;
    if (request.complete) return stop();
    const weAreSlow = request.readableLength >= request.readableHighWaterMark;
    if (sent >= bytes || weAreSlow) return;
    stop();
    if (!response.headersSent)
      socket.write('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    request.destroy();
  }, perMs);
  timer.unref();
  const stop = () => clearInterval(timer);
  request.once('end', stop);
  request.once('close', stop);
}
