import { portIsFree } from '../free-port';
import { isHolder, takeLock } from './instance-lock';
import { UsageError } from './options';

const DEFAULT_PORT = 7325;

/**
 * The port for `web`: the one asked for, or the first free one from 7325. Held for this supervisor against others of its
 * kind from now on, as `web` itself listens only seconds later. Throws UsageError when the one asked for is taken.
 */
export async function reserveWebPort(host: string, requested: number | null): Promise<number> {
  for (let port = requested ?? DEFAULT_PORT; port < (requested ?? DEFAULT_PORT + 200) || port === requested; port++) {
    const lock = await takeLock(`port ${port}`);
    if (!isHolder(lock)) {
      if ((await portIsFree(host, port)) !== null) return port;
      lock.release();
    }
    if (requested !== null)
      throw new UsageError(
        `Port ${requested} is in use. Set SEALTRAIL_PORT to a free one, or leave it out to have one chosen.`,
      );
  }
  throw new UsageError(`No port from ${DEFAULT_PORT} to ${DEFAULT_PORT + 199} is free. Set SEALTRAIL_PORT.`);
}
