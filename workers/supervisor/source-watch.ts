import { watch } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../root';

/** An editor writes a file in several steps, and several files at once. */
const SETTLE_MS = 300;

/** Calls back with the last file changed once TypeScript or YAML below these folders has been quiet for a moment. Tests do not count. */
export function onSourceChange(folders: readonly string[], onChange: (file: string) => void): void {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of folders) {
    watch(path.join(ROOT, folder), { recursive: true, persistent: false }, (_, file) => {
      if (!file || !/\.(ts|yml)$/.test(file) || file.endsWith('.test.ts')) return;
      clearTimeout(timer);
      timer = setTimeout(() => onChange(path.join(folder, file)), SETTLE_MS);
    });
  }
}
