import { once } from 'node:events';
import { constants } from 'node:os';

/** Shells' status of a command whose reader went away. */
const BROKEN_PIPE = 128 + constants.signals.SIGPIPE;

/** Ends the process when nobody reads its answers any more, as other commands do. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
      throw error;
    });
  }
}

/** Writes to stdout and waits while the reader is behind. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes to stderr, under the command's name. */
export function complain(text: string): void {
  process.stderr.write(`sealtrail: ${visible(text)}\n`);
}

// oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from a log or a file name without anything a terminal would act on. */
export function visible(text: string): string {
  return text.replaceAll(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
