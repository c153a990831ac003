import type { LogStatus, Status, Reported } from '@/lib/forward/forwarder';
import { size } from './size';
import { figure, many } from '@/lib/core/text/words';
import { complain, print, visible } from './output';

const EVERY_MS = 1_000;

export type TailOutput = {
  tell(reported: Reported): void;
  begin(): void;
  end(): void;
  total(status: Status): Promise<void>;
};

/** Events as lines on stderr, or as JSON on stdout; on a terminal a status line below them. */
export function createTailOutput({ json, status }: { json: boolean; status: () => Status }): TailOutput {
  const terminal = process.stderr;
  const hasLine = terminal.isTTY && !json;
  let timer: NodeJS.Timeout | undefined;
  let last = { records: 0, atMs: performance.now() };
  const clear = () => hasLine && terminal.write('\r\u001b[K');
  function draw(): void {
    const now = status();
    const atMs = performance.now();
    const perSecond = ((now.recordsSent - last.records) * 1000) / Math.max(1, atMs - last.atMs);
    last = { records: now.recordsSent, atMs };
    terminal.write(`\r\u001b[K${statusLine(now, perSecond).slice(0, terminal.columns - 1)}`);
  }
  return {
    tell({ level, log, chain, message }) {
      if (json) {
        process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, log, chain, message })}\n`);
        return;
      }
      clear();
      complain(`${level === 'alarm' ? 'ALARM ' : ''}${log ? `${log}: ` : ''}${message}`);
    },
    begin() {
      if (hasLine) timer = setInterval(draw, EVERY_MS);
    },
    end() {
      clearInterval(timer);
      clear();
    },
    async total(now) {
      if (json) await print(`${JSON.stringify({ at: new Date().toISOString(), level: 'total', ...now })}\n`);
      else complain(statusLine(now, null));
    },
  };
}

/** `2 logs, 1,204 records sent, 300/s, 4.2 MB behind, 1 stopped`. */
function statusLine({ logs, recordsSent, alarms }: Status, perSecond: number | null): string {
  const behindBytes = logs.reduce((sum, { lagBytes, heldBytes }) => sum + Math.max(0, lagBytes - heldBytes), 0);
  const count = (phase: LogStatus['phase']) => logs.filter((log) => log.phase === phase).length;
  const waiting = logs.find(({ phase }) => phase === 'waiting');
  return [
    many(logs.length, 'log'),
    `${many(recordsSent, 'record')} sent`,
    ...(perSecond === null ? [] : [`${figure(Math.round(perSecond))}/s`]),
    behindBytes > 0 ? `${size(behindBytes)} behind` : 'nothing behind',
    ...(alarms > 0 ? [many(alarms, 'alarm')] : []),
    ...(count('stopped') > 0 ? [`${count('stopped')} stopped`] : []),
    ...(waiting ? [`waiting: ${visible(waiting.message ?? '')}`] : []),
  ].join(', ');
}
