import 'server-only';
import { once } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { type ThreadFile, threadEntry } from './thread-entry';

export type ThreadPool = {
  /** Lends a thread for as long as the work takes. Fails as the work does, or as the thread, which is then replaced. */
  use<R>(work: (thread: Worker) => Promise<R>): Promise<R>;
  /** Ends all threads; work that waits for one is given up. */
  close(): Promise<void>;
};

/** Threads that run `entry`, up to as many, started when there is work for them. Those without work do not keep the process alive. */
export function createThreadPool(
  entry: ThreadFile,
  threads: number,
  options: Pick<WorkerOptions, 'workerData'> = {},
): ThreadPool {
  const { url, execArgv } = threadEntry(entry);
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: ((thread: Worker) => void)[] = [];
  let closed = false;

  function start(): Worker {
    const thread = new Worker(url, {
      resourceLimits: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 },
      execArgv,
      ...options,
    });
    all.add(thread);
    thread.on('error', () => undefined); // who uses it is told
    thread.once('exit', () => {
      all.delete(thread);
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
      const next = closed ? undefined : waiting.shift();
      if (next) next(take());
    });
    return thread;
  }

  function take(): Worker {
    const thread = idle.pop() ?? start();
    thread.ref();
    return thread;
  }

  function giveBack(thread: Worker): void {
    if (!all.has(thread)) return;
    const next = waiting.shift();
    if (next) return next(thread);
    thread.unref();
    idle.push(thread);
  }

  return {
    async use(work) {
      const thread =
        idle.length > 0 || all.size < threads ? take() : await new Promise<Worker>((resolve) => waiting.push(resolve));
      const over = new AbortController();
      const failed = once(thread, 'exit', { signal: over.signal }).then(([code]) =>
        Promise.reject(new Error(`the thread ended with code ${code}`)),
      );
      failed.catch(() => undefined); // told by the race, or there is nothing to tell
      try {
        return await Promise.race([work(thread), failed]);
      } finally {
        over.abort();
        giveBack(thread);
      }
    },
    async close() {
      closed = true;
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
  };
}
