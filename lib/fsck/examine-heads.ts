import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import type { SegmentCheck } from '../core/chain/check';
import { joinSegments } from '../core/chain/join';
import { formatById } from '../core/formats';
import { contentAfter } from '../db/contents';
import type { ChainsTable } from '../db/schema';
import { type deriveChain, isWitness } from '../verify/server/join-chain';
import { compareRow } from './compare';
import type { Reporter } from './drift';

export type Chain = Selectable<ChainsTable>;
/** What evidence gives of a chain. */
export type Derived = Awaited<ReturnType<typeof deriveChain>>;

/** Heads that were seen: each must be that of what the chain held then, and none may be gone. */
export async function examineHeads(
  ctx: Context,
  chain: Chain,
  { joined, heads, checks }: Pick<Derived, 'joined' | 'heads'> & { checks: ReadonlyMap<string, SegmentCheck> },
  report: Reporter,
): Promise<void> {
  const format = formatById(chain.format);
  const gone = (records: number, hash: string, why: string) =>
    report.drift({
      kind: 'row-missing',
      chain: chain.name,
      what: `heads: record ${records - 1}, ${why}`,
      expected: hash,
      found: 'no row',
      at: { table: 'heads', row: `${chain.id} ${records} ${hash}`, column: '*' },
    });
  const has = (records: number, hash: string) =>
    heads.some(({ head }) => head.records === records && head.hash === hash);
  for (const { head, state, differsFrom } of heads) {
    const place = { chain: chain.name, table: 'heads', row: head.id };
    // One that was seen while another join was under way is related to the chain by the next.
    if (head.state !== null) compareRow(report, place, { state, differs_from: differsFrom }, head);
    const content = head.upload_id ? await contentAfter(ctx.db, chain.id, head.upload_id) : null;
    const parts = content?.map(({ digest }) => checks.get(digest)).filter((check) => check !== undefined);
    if (content && parts?.length !== content.length) continue; // told with the objects
    const then = parts ? joinSegments(format, parts, []) : null;
    compareRow(
      report,
      place,
      then
        ? { records: then.records, size_bytes: then.sizeBytes, hash: then.head }
        : { upload_id: 'an upload of the chain' },
      head,
    );
  }
  if (
    chain.verified_generation === chain.generation &&
    joined.head !== null &&
    isWitness(joined) &&
    !has(joined.records, joined.head)
  )
    gone(joined.records, joined.head, 'the chain as it stands');
}
