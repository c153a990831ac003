import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { FormatId } from '@/lib/core/chain/format';
import { type Status, Forwarder } from '@/lib/forward/forwarder';
import { httpSink } from '@/lib/forward/http-sink';
import { createHasher } from '@/lib/crypto/hasher';
import { isHolder, takeLock } from '../supervisor/instance-lock';
import { CliError } from './cli-error';
import { many } from '@/lib/core/text/words';
import { complain } from './output';
import { createTailOutput } from './tail-output';

export type Options = {
  to: string;
  chain?: string;
  format?: FormatId;
  state?: string;
  token?: string;
  tokenFile?: string;
  once?: boolean;
  fromEnd?: boolean;
  resend?: boolean;
  json?: boolean;
};

/** Sends what is written to the logs until it is asked to stop, and sets the exit status. */
export async function tail(names: string[], options: Options): Promise<void> {
  const url = readUrl(options.to);
  const stateDir = path.resolve(options.state ?? defaultState(url));
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const lock = await takeLock(`tail:${realpathSync(stateDir)}`);
  if (isHolder(lock))
    throw new CliError(`process ${lock.pid} forwards with ${stateDir} already: give this one another --state`);
  const output = createTailOutput({ json: options.json ?? false, status: () => forwarder.status() });
  const forwarder = new Forwarder({
    sources: names.map((name) => ({ name, chain: options.chain ?? null })),
    format: options.format ?? null,
    sink: httpSink({ url, token: await readToken(options) }),
    hasher: await createHasher(),
    stateDir,
    begin: options.fromEnd ? 'end' : 'start',
    resend: options.resend ?? false,
    once: options.once ?? false,
    tell: output.tell,
  });
  const stop = () => forwarder.stop();
  process.on('SIGTERM', stop).on('SIGINT', stop);
  output.begin();
  const status = await forwarder.run().finally(output.end);
  await output.total(status);
  process.exitCode = exitCode(status, { once: options.once ?? false });
  lock.release();
  for (const { log, heldBytes } of status.logs)
    if (heldBytes > 0) complain(`${log}: ${many(heldBytes, 'byte')} of a line without newline held back`);
  if (status.logs.length === 0) complain('there was no log to send');
}

function exitCode({ logs, alarms }: Status, { once }: { once: boolean }): number {
  const stopped = logs.filter(({ phase }) => phase === 'stopped').length;
  if (once) return stopped > 0 || logs.length === 0 ? 2 : alarms > 0 ? 1 : 0;
  return stopped > 0 && stopped === logs.length ? 2 : 0;
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new CliError(`--to is the address of a server, like https://sealtrail.example, not "${text}"`);
}

async function readToken({ token, tokenFile }: Options): Promise<string> {
  const found =
    token ??
    (tokenFile === undefined
      ? process.env['SEALTRAIL_TOKEN']
      : await readFile(tokenFile, 'utf8').catch((error: Error) =>
          Promise.reject(new CliError(`the token cannot be read: ${error.message}`)),
        ));
  if (found?.trim()) return found.trim();
  throw new CliError(
    'a token that may ingest is needed, in SEALTRAIL_TOKEN or by --token-file: Settings makes one, or `node workers/sealtrail.mjs token create --scopes ingest`',
  );
}

/** A folder for each server. */
function defaultState(url: string): string {
  const base = process.env['XDG_STATE_HOME'] || path.join(homedir(), '.local/state');
  return path.join(
    base,
    'sealtrail/tail',
    `${new URL(url).hostname}-${createHash('sha256').update(url.replace(/\/+$/, '')).digest('hex').slice(0, 8)}`,
  );
}
