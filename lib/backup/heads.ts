import 'server-only';
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from '../db/database';

const PAGE = 1000;

/** The head of every chain, a line of JSON each, in order of id: what its closed segments end with and, where something is open, what that ends with. */
export async function* headLines(db: Db | Tx): AsyncGenerator<string> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await db
      .selectFrom('chains as c')
      .leftJoin('tails as t', 't.chain_id', 'c.id')
      .select([
        'c.id',
        'c.name',
        'c.format',
        'c.verdict',
        'c.records',
        'c.size_bytes as sizeBytes',
        'c.head',
        't.records as openRecords',
        't.size_bytes as openSizeBytes',
        sql<string | null>`t.result->'last'->>'hash'`.as('openHead'),
      ])
      .where('c.id', '>', after)
      .orderBy('c.id')
      .limit(PAGE)
      .execute();
    for (const row of rows) yield `${JSON.stringify(row)}\n`;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

/** How many there are, and the SHA-256 of their lines. */
export async function digestOfHeads(db: Db | Tx): Promise<{ chains: number; sha256: string }> {
  const sha256 = createHash('sha256');
  let chains = 0;
  for await (const line of headLines(db)) {
    sha256.update(line);
    chains += 1;
  }
  return { chains, sha256: sha256.digest('hex') };
}
