import 'server-only';
import path from 'node:path';
import type { Sidecar } from '../core/sidecars/artefact';
import { isAttestationName, isSidecarName, recogniseSidecar } from '../core/sidecars/recognise-sidecar';
import { groupRotated } from '../core/chain/rotation';
import { isLogName } from './find-logs';
import type { Folder } from './folder';

const SESSION_LOG = 'audit-events.ndjson';
const LEDGER = 'ledger.ndjson';

/**
 * What lies beside a log and speaks of it: of nono's session folder when the log has the name nono gives it or is the only one there, with
 * the ledger in the folder above; anchors that are named after the log; any anchor, and Occasio's attestations, beside a log that is the only
 * one.
 */
export async function sidecarsBeside(folder: Folder, logName: string): Promise<Sidecar[]> {
  const names = await folder.names();
  const logs = groupRotated(names.filter((name) => isLogName(name)).map((file) => ({ file })));
  const isOnly = new Set(logs.map(({ log }) => currentName(log))).size <= 1;
  const isSession = logName === SESSION_LOG || isOnly;
  const wanted = names.filter((name) => isSidecarName(name) && (isAnchorName(name) ? isOnly || isNamedAfter(name, logName) : isAttestationName(name) ? isOnly : isSession));
  const found: Sidecar[] = [];
  const add = (from: Folder, name: string, text: string) => {
    const kind = recogniseSidecar(name, text);
    if (kind) found.push({ kind, file: from.shown(name), text });
  };
  // What is there and cannot be read is told as that, not passed over.
  for (const name of wanted) add(folder, name, (await folder.text(name)) ?? '');
  const above = wanted.includes('session.json') && !wanted.includes(LEDGER) ? folder.parent() : null;
  const ledger = await above?.text(LEDGER);
  if (above && typeof ledger === 'string') add(above, LEDGER, ledger);
  return found;
}

function isAnchorName(name: string): boolean {
  return /anchor[^/]*\.json$/i.test(name);
}

/** `audit.anchor.json`, `audit.jsonl.anchor.json` and `audit-anchor-2.json` are named after `audit.jsonl`. */
function isNamedAfter(anchor: string, log: string): boolean {
  const stem = anchor.replace(/[.\-_]?anchor[^/]*\.json$/i, '');
  return stem === log || stem === path.parse(log).name;
}

/** The log a rotated file belongs to. */
function currentName(name: string): string {
  return name.replace(/(\.(?:jsonl|ndjson))\..*$/i, '$1');
}
