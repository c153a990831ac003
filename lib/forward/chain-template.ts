import path from 'node:path';

/** nono names every session's log alike: its folder tells them apart. */
const NONO_LOG = 'audit-events.ndjson';
const EXTENSION = /\.(jsonl|ndjson|log|json)$/i;

/** `{name}`: the file's name without its ending; `{folder}`: its folder's name; `{path}`: the path below `root` without the ending. */
export function chainNameOf(template: string | null, log: string, root: string): string {
  const wanted = template ?? (path.basename(log) === NONO_LOG ? '{folder}' : '{name}');
  const relative = path.relative(root, log);
  const below = relative.startsWith('..') ? log : relative;
  const values: Record<string, string> = {
    name: path.basename(log).replace(EXTENSION, ''),
    folder: path.basename(path.dirname(log)),
    path: below.split(path.sep).filter(Boolean).join('/').replace(EXTENSION, ''),
  };
  return wanted.replace(/\{(name|folder|path)\}/g, (_, key: string) => values[key] ?? '');
}
