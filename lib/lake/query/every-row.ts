import 'server-only';
import type { Context } from '../../context';

/** Every row the table holds of records `first` to `last` of a chain, a record that stands there twice included: for who examines the lake itself. */
export async function everyRow(
  { lake }: Context,
  chainId: string,
  first: number,
  last: number,
): Promise<Record<string, unknown>[]> {
  const result = await lake.query({
    query: `SELECT *, traits, toString(recorded_at) AS recorded_at FROM events WHERE chain_id = {chainId: UUID} AND ordinal >= {first: UInt64} AND ordinal <= {last: UInt64} ORDER BY ordinal`,
    query_params: { chainId, first, last },
    format: 'JSONEachRow',
  });
  return result.json();
}
