import { filledLines, parseJson } from '../../bytes/json-text';
import { figure } from '../../text/words';
import { isObject } from '../read-line';
import { NonoSession } from './session';

const NAMED = 5;

/** Why a folder of a session that holds no log is not merely an empty folder, by its session file; null when it is. */
export function lostLog(text: string): string | null {
  const count = NonoSession.safeParse(parseJson(text)).data?.audit_integrity?.event_count ?? 0;
  return count > 0
    ? `has a session file that vouches for ${figure(count)} events, and no log: audit-events.ndjson was removed`
    : null;
}

/** The sessions a ledger names that have no folder beside it, in words; null when there is none. */
export function lostSessions(text: string, folders: ReadonlySet<string>): string | null {
  const named = new Set(filledLines(text).flatMap((line) => sessionOf(parseJson(line))));
  const lost = [...named].filter((id) => !folders.has(id));
  if (lost.length === 0) return null;
  const shown = lost.slice(0, NAMED).join(', ');
  return `names ${figure(lost.length)} of ${figure(named.size)} sessions that are not beside it, as they were cleaned up or removed: ${shown}${lost.length > NAMED ? ', …' : ''}`;
}

function sessionOf(row: unknown): string[] {
  return isObject(row) && typeof row.session_id === 'string' ? [row.session_id] : [];
}
