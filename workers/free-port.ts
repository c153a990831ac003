import { createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that nobody listened on a moment ago: whoever takes it must be ready to be beaten to it. */
export function freePort(): Promise<number> {
  return portIsFree('127.0.0.1', 0).then((port) => {
    if (port === null) throw new Error('the machine has no free TCP port on 127.0.0.1');
    return port;
  });
}

/** The port when it can be listened on (any free one for 0), null when it is taken. Throws on every other refusal. */
export function portIsFree(host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
