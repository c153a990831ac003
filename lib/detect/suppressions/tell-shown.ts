import 'server-only';
import { sql } from 'kysely';
import { announceFindings } from '../../db/announce';
import type { Tx } from '../../db/database';
import { hideable, isHidden } from '../../db/suppressed';

/** Leaves in the transaction that findings are in the queue again that a suppression hid, and nothing else hides. Answers how many. */
export async function tellShown(tx: Tx, suppressionId: string, now: Date): Promise<number> {
  const shown = await tx
    .selectFrom('suppressed_findings as l')
    .innerJoin('findings as f', 'f.id', 'l.finding_id')
    .where('l.suppression_id', '=', suppressionId)
    .where('f.superseded_at', 'is', null)
    .where(hideable(sql.id('f')))
    .where(({ not }) => not(isHidden('f')))
    .select('f.id')
    .execute();
  await announceFindings(
    tx,
    shown.map(({ id }) => ({ id, grew: null })),
    now,
  );
  return shown.length;
}
