import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeDurably } from './write-durably';

/** There from before a restore puts anything into a data directory until all of it was checked. */
const fileIn = (dataDir: string) => path.join(dataDir, 'restore-unfinished');

/** What is wrong with a data directory in which a restore was cut off, in words; null where none was. */
export function unfinishedRestore(dataDir: string): string | null {
  return existsSync(fileIn(dataDir))
    ? `A restore into ${dataDir} did not come to its end, so what lies there is no installation. Remove that directory, empty the database if it is one of your own, and restore again.`
    : null;
}

export function beginRestore(dataDir: string): void {
  writeDurably(fileIn(dataDir), 'This data directory is being restored, or its restore was cut off.\n');
}

export function endRestore(dataDir: string): void {
  rmSync(fileIn(dataDir));
}
