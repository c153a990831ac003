import { size } from './size';

const AFTER_MS = 1000;
const EVERY_MS = 100;
const BAR = 24;

export type Progress = {
  /** Makes room for other output until `resume`. */
  pause(): void;
  resume(): void;
  end(): void;
};

/** Shows nothing. */
export const HIDDEN: Progress = { pause: () => undefined, resume: () => undefined, end: () => undefined };

/** Shows on a terminal how far the reading is, once it has taken a second. `totalBytes` is null when it cannot be known. */
export function showProgress(
  terminal: NodeJS.WriteStream,
  totalBytes: number | null,
  doneBytes: () => number,
): Progress {
  if (!terminal.isTTY) return HIDDEN;
  const startedAt = performance.now();
  let shown = false;
  let paused = false;
  const clear = () => {
    if (shown) terminal.write('\r\u001b[K');
    shown = false;
  };
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - startedAt;
    if (paused || elapsedMs < AFTER_MS) return;
    terminal.write(`\r\u001b[K${progressLine(doneBytes(), totalBytes, elapsedMs).slice(0, terminal.columns - 1)}`);
    shown = true;
  }, EVERY_MS);
  timer.unref();
  return {
    pause() {
      paused = true;
      clear();
    },
    resume() {
      paused = false;
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

/** `██████░░░  62 %  620 MB of 1.0 GB, 410 MB/s, 1 s left`. */
export function progressLine(doneBytes: number, totalBytes: number | null, elapsedMs: number): string {
  const perSecond = doneBytes / (elapsedMs / 1000);
  const rate = `${size(perSecond)}/s`;
  // What is read a second time is not in the total.
  if (totalBytes === null || totalBytes === 0 || doneBytes > totalBytes) return `${size(doneBytes)} read, ${rate}`;
  const share = doneBytes / totalBytes;
  const filled = Math.round(share * BAR);
  const leftSeconds = perSecond > 0 ? Math.ceil((totalBytes - doneBytes) / perSecond) : 0;
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}  ${Math.floor(share * 100)} %  ${size(doneBytes)} of ${size(totalBytes)}, ${rate}, ${leftSeconds} s left`;
}

/** Shows what is being looked at from the first moment on: on a terminal in one line, elsewhere a line for each section. */
export function showSections(
  output: NodeJS.WriteStream,
  doneBytes: () => number,
  [doing, done]: readonly [string, string] = ['Checking', 'read'],
): { at(section: string, detail: string | null): void; end(): void } {
  let now = { section: '', detail: null as string | null };
  const draw = () => {
    const read = doneBytes();
    const line = `${doing} ${now.section}${now.detail === null ? '' : `: ${now.detail}`}${read === 0 ? '' : ` (${size(read)} ${done})`}`;
    output.write(`\r\u001b[K${line.slice(0, Math.max(1, (output.columns || 80) - 1))}`);
  };
  const timer = output.isTTY ? setInterval(draw, EVERY_MS) : null;
  timer?.unref();
  return {
    at(section, detail) {
      const isNew = section !== now.section;
      now = { section, detail };
      if (output.isTTY) {
        if (isNew) draw();
      } else if (isNew) output.write(`${doing} ${section}\n`);
    },
    end() {
      if (timer) clearInterval(timer);
      if (output.isTTY) output.write('\r\u001b[K');
    },
  };
}
