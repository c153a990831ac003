import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Holder = { readonly pid: number; readonly url: string | null };
export type InstanceLock = {
  /** What a second start is told from now on. */
  readonly tell: (holder: Holder) => void;
  readonly release: () => void;
};

/**
 * One holder for a name on this machine, or the one that has it. On Linux an abstract socket: its name may be
 * anything however long the path behind it, and the kernel drops it with the process, kill -9 included.
 * Elsewhere a socket file in the temporary directory, taken over when nobody answers on it.
 */
export async function takeLock(name: string): Promise<InstanceLock | Holder> {
  const key = createHash('sha256').update(name).digest('hex').slice(0, 32);
  const address = process.platform === 'linux' ? `\0sealtrail-${key}` : path.join(tmpdir(), `sealtrail-${key}.sock`);
  for (let attempt = 0; attempt < 3; attempt++) {
    let holder: Holder = { pid: process.pid, url: null };
    const server = await listen(address, () => holder);
    if (server) return { tell: (next) => (holder = next), release: () => server.close() };
    const other = await ask(address);
    if (other) return other;
    if (process.platform !== 'linux') rmSync(address, { force: true });
  }
  throw new Error(`the lock ${key} is held by a process that does not answer`);
}

export function isHolder(found: InstanceLock | Holder): found is Holder {
  return 'pid' in found;
}

function listen(address: string, tell: () => Holder): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(JSON.stringify(tell()));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Null when nobody answers within 2 s. */
function ask(address: string): Promise<Holder | null> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(address);
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.once('error', () => resolve(null));
    socket.once('close', () => {
      const found = /^\{"pid":(\d+),"url":(?:null|"([^"]*)")\}$/.exec(answer);
      resolve(found ? { pid: Number(found[1]), url: found[2] ?? null } : null);
    });
  });
}
