import 'server-only';
import pino, { type Logger } from 'pino';

export type { Logger };

/** JSON lines on stdout. Secrets are cut out by name; record content is never logged. */
export function createLog(level: string, process: string): Logger {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['password', 'token', 'secret', 'authorization', 'cookie', '*.password', '*.token', '*.authorization', '*.cookie'],
  });
}
