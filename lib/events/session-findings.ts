import 'server-only';
import { sql } from 'kysely';
import type { Context } from '../context';
import type { SessionChain, SessionScope } from '../lake/query/session';
import { membersOfLine } from '../lake/query/session-line';
import type { Session } from '../schemas/sessions';

const MOST_FINDINGS = 100;
/** Of the records a finding cites in one chain so many are looked at; one finding has as many places on the line. */
const MOST_RECORDS = 100;

/** What rules found that cites records of the session, the worst first, each with those records in the order of the line. */
export async function sessionFindings(
  ctx: Context,
  scope: SessionScope,
  chains: readonly SessionChain[],
): Promise<Pick<Session, 'findings' | 'moreFindings'>> {
  const cited = await citedIn(ctx, chains);
  const findings = [...Map.groupBy(cited, ({ id }) => id).values()].slice(0, MOST_FINDINGS);
  const records = findings
    .flat()
    .flatMap(({ chain_id: chainId, ordinals }) => ordinals.map((ordinal) => [chainId, ordinal] as const));
  const members = await membersOfLine(ctx, { ...scope, only: [] }, records);
  const placed = findings.flatMap((rows) => {
    const [finding] = rows;
    const on = rows.flatMap(({ chain_id: chainId, ordinals }) =>
      ordinals.flatMap((ordinal) => {
        const at = members.get(`${chainId}:${ordinal}`);
        return at === undefined ? [] : [{ chainId, ordinal, at: at.startsWith('1970-01-01') ? null : at }];
      }),
    );
    if (!finding || on.length === 0) return [];
    const { id, title, level, status } = finding;
    return [
      {
        id,
        title,
        level,
        status,
        records: on
          .toSorted((a, b) => (a.at ?? '').localeCompare(b.at ?? '') || a.ordinal - b.ordinal)
          .slice(0, MOST_RECORDS),
      },
    ];
  });
  return { findings: placed, moreFindings: new Set(cited.map(({ id }) => id)).size > MOST_FINDINGS };
}

const WORST_FIRST = ['critical', 'high', 'medium', 'low', 'informational'];

/** Findings that stand and cite records between the first and the last one the session has in a chain, with those. */
async function citedIn(ctx: Context, chains: readonly SessionChain[]) {
  const { rows } = await sql<{
    id: string;
    title: string;
    level: Session['findings'][number]['level'];
    status: Session['findings'][number]['status'];
    chain_id: string;
    ordinals: number[];
  }>`
    WITH session AS (SELECT * FROM unnest(${chains.map(({ chainId }) => chainId)}::uuid[], ${chains.map(({ first }) => first)}::bigint[],
      ${chains.map(({ last }) => last)}::bigint[]) AS s (chain_id, first, last)),
    cited AS (
      SELECT f.id, f.title, f.level, f.status, f.window_from, c.chain_id, within.ordinals
      FROM session s JOIN finding_chains c ON c.chain_id = s.chain_id JOIN findings f ON f.id = c.finding_id AND f.superseded_at IS NULL
      CROSS JOIN LATERAL (SELECT array_agg(o.ordinal ORDER BY o.ordinal) AS ordinals FROM
        (SELECT n::bigint AS ordinal FROM jsonb_array_elements_text(c.ordinals) AS n WHERE n::bigint BETWEEN s.first AND s.last
          ORDER BY n::bigint LIMIT ${MOST_RECORDS}) AS o) AS within
      WHERE within.ordinals IS NOT NULL)
    SELECT id, title, level, status, chain_id, to_jsonb(ordinals) AS ordinals FROM cited
    WHERE id IN (SELECT id FROM cited GROUP BY id ORDER BY min(array_position(${WORST_FIRST}::text[], level::text)), min(window_from), id LIMIT ${MOST_FINDINGS + 1})
    ORDER BY array_position(${WORST_FIRST}::text[], level::text), window_from, id, chain_id`.execute(ctx.db);
  return rows;
}
