import 'server-only';
import { NonoSession } from '../core/formats/nono/session';
import type { Folder } from './folder';

export const LEDGER = 'ledger.ndjson';
const NAMED = 5;

/** Why a folder of a nono session that holds no log is not merely an empty folder; null when it is. */
export async function lostLog(folder: Folder): Promise<string | null> {
  const text = await folder.text('session.json');
  const count = (text === null ? undefined : NonoSession.safeParse(json(text)).data)?.audit_integrity?.event_count ?? 0;
  return count > 0 ? `has a session file that vouches for ${count.toLocaleString('en-GB')} events, and no log: audit-events.ndjson was removed` : null;
}

/** The sessions nono's ledger names that have no folder beside it, in words; null when there is none, and where there is no ledger. */
export async function lostSessions(folder: Folder): Promise<string | null> {
  const text = await folder.text(LEDGER);
  if (text === null) return null;
  const here = new Set(await folder.names());
  const named = text.split('\n').map((line) => sessionOf(json(line))).filter((id) => id !== null);
  const lost = [...new Set(named)].filter((id) => !here.has(id));
  if (lost.length === 0) return null;
  const shown = lost.slice(0, NAMED).join(', ');
  return `names ${lost.length.toLocaleString('en-GB')} of ${new Set(named).size.toLocaleString('en-GB')} sessions that are not beside it, as they were cleaned up or removed: ${shown}${lost.length > NAMED ? ', …' : ''}`;
}

function sessionOf(row: unknown): string | null {
  return typeof row === 'object' && row !== null && 'session_id' in row && typeof row.session_id === 'string' ? row.session_id : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
