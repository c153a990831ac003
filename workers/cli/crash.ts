import 'server-only';
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A place in a stack trace: a file that was built, as its address, line and column. */
const PLACE = /(file:\/\/\/[^\s():]+\.mjs):(\d+):(\d+)/g;

/**
 * What to print of an error nobody expected: its trace, with the places in our sources. The maps are read here and not by Node's own
 * `--enable-source-maps`, which reads those of everything a command loads before it begins.
 */
export function crashReport(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const maps = new Map<string, SourceMap | null>();
  return text.replaceAll(PLACE, (built, address: string, line: string, column: string) => {
    const map = maps.get(address) ?? readMap(fileURLToPath(`${address}.map`));
    maps.set(address, map);
    const origin = map?.findOrigin(Number(line), Number(column));
    if (!origin || !('fileName' in origin)) return built;
    return `${fileURLToPath(new URL(origin.fileName, address))}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

function readMap(file: string): SourceMap | null {
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null;
}
