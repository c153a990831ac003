import path from 'node:path';
import { FORMATS } from '../core/formats';

const EXTENSION = /\.(jsonl|ndjson|log|json)$/i;

/** Logs that a tool names all alike are told apart by their folders. `{name}`: the file's name without its ending; `{folder}`: its folder's name; `{path}`: the path below `root` without the ending. */
export function chainNameOf(template: string | null, log: string, root: string): string {
  const wanted = template ?? (FORMATS.some(({ logName }) => logName === path.basename(log)) ? '{folder}' : '{name}');
  const relative = path.relative(root, log);
  const below = relative.startsWith('..') ? log : relative;
  const values: Record<string, string> = {
    name: path.basename(log).replace(EXTENSION, ''),
    folder: path.basename(path.dirname(log)),
    path: below.split(path.sep).filter(Boolean).join('/').replace(EXTENSION, ''),
  };
  return wanted.replace(/\{(name|folder|path)\}/g, (_, key: string) => values[key] ?? '');
}
