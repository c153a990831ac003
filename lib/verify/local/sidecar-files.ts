import 'server-only';
import path from 'node:path';
import { isLogName, writtenLogName } from '../../core/chain/log-name';
import type { Sidecar } from '../../core/sidecars/sidecar';
import { recogniseSidecar } from '../../core/sidecars/recognise-sidecar';
import { SIDECARS, hasName } from '../../core/sidecars/kinds';
import { groupRotated } from '../../core/chain/rotation';
import type { Folder } from './folder';

/** What may lie in the folder above. */
const ABOVE = SIDECARS.flatMap(({ names, speaksOf, format }) =>
  speaksOf === 'logs-below' && !(names instanceof RegExp) ? [{ names, format }] : [],
);

/**
 * What lies beside a log and speaks of it, by what each format says of its sidecars: what is of the log in its folder when the log has the
 * name its tool gives it or is the only one there, with what speaks of the logs below in the folder above; what is named after the log; and
 * the rest beside a log that is the only one.
 */
export async function sidecarsOf(folder: Folder, logName: string): Promise<Sidecar[]> {
  const names = await folder.names();
  const logs = groupRotated(names.filter((name) => isLogName(name)).map((file) => ({ file })));
  const isOnly = new Set(logs.map(({ log }) => writtenLogName(log))).size <= 1;
  const speaksOfIt = (name: string, { names: own, speaksOf, format }: (typeof SIDECARS)[number]) =>
    isOnly ||
    (speaksOf === 'log-it-is-named-after'
      ? isNamedAfter(name.replace(own instanceof RegExp ? own : '', ''), logName)
      : speaksOf !== 'only-log' && format.logName === logName);
  const wanted = names.filter((name) => SIDECARS.some((kind) => hasName(kind, name) && speaksOfIt(name, kind)));
  const found: Sidecar[] = [];
  const add = (from: Folder, name: string, text: string) => {
    const kind = recogniseSidecar(name, text);
    if (kind) found.push({ kind, file: from.shown(name), text });
  };
  // What is there and cannot be read is told as that, not passed over.
  for (const name of wanted) add(folder, name, (await folder.text(name)) ?? '');
  for (const {
    names: [name = ''],
    format,
  } of ABOVE) {
    const isSession =
      !wanted.includes(name) &&
      wanted.some((other) =>
        SIDECARS.some((kind) => kind.format === format && kind.tellsFormat && hasName(kind, other)),
      );
    const above = isSession ? folder.parent() : null;
    const text = await above?.text(name);
    if (above && typeof text === 'string') add(above, name, text);
  }
  return found;
}

/** `audit.anchor.json`, `audit.jsonl.anchor.json` and `audit-anchor-2.json` are named after `audit.jsonl`. */
function isNamedAfter(stem: string, log: string): boolean {
  return stem === log || stem === path.parse(log).name;
}
