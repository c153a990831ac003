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

/** A thread without work for so long is ended: it holds some ten megabytes for as long as it lives, and another is started in a tenth of a second. */
const IDLE_MS = 5_000;

/** Threads that run `entry`, up to as many, started when there is work for them. Those without work do not keep the process alive, and end soon. */
export function createThreadPool(
  entry: ThreadFile,
  threads: number,
  { idleMs = IDLE_MS, ...options }: Pick<WorkerOptions, 'workerData'> & { idleMs?: number } = {},
): ThreadPool {
  const idle: { thread: Worker; ending: NodeJS.Timeout }[] = [];
  const all = new Set<Worker>();
  const waiting: ((thread: Worker) => void)[] = [];
  let closed = false;

  function start(): Worker {
    const thread = startThread(entry, options);
    all.add(thread);
    thread.once('exit', () => {
      const isMissed = all.delete(thread);
      dropIdle(thread);
      const next = closed || !isMissed ? undefined : waiting.shift();
      if (next) next(take());
    });
    return thread;
  }

  function take(): Worker {
    const waits = idle.pop();
    clearTimeout(waits?.ending);
    const thread = waits?.thread ?? start();
    thread.ref();
    return thread;
  }

  function dropIdle(thread: Worker): void {
    const at = idle.findIndex((one) => one.thread === thread);
    if (at === -1) return;
    clearTimeout(idle[at]?.ending);
    idle.splice(at, 1);
  }

  function end(thread: Worker): void {
    dropIdle(thread);
    all.delete(thread);
    void thread.terminate();
  }

  function giveBack(thread: Worker): void {
    if (!all.has(thread)) return;
    const next = waiting.shift();
    if (next) return next(thread);
    thread.unref();
    idle.push({ thread, ending: setTimeout(end, idleMs, thread).unref() });
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

function startThread(entry: ThreadFile, options: Pick<WorkerOptions, 'workerData'>): Worker {
  const { url, execArgv } = threadEntry(entry);
  const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };
  const thread = new Worker(url, { resourceLimits, execArgv, ...options });
  thread.on('error', () => undefined); // who uses it is told
  return thread;
}
