import * as z from 'zod';
import type { Statement } from '../core/statements/statement';
import type { Values } from './compare';

/** The parts of our own statements that the columns of an attestation repeat. */
const Range = z.object({ first: z.number(), last: z.number(), count: z.number() });
const Segment = z.object({ digest: z.object({ sha256: z.string() }) });
const Ours = z.object({
  chain: z.object({ id: z.string() }),
  recordRange: Range,
  scope: z.object({ kind: z.string(), id: z.string().optional() }).optional(),
  verdict: z.string(),
  segments: z.array(Segment.extend({ records: z.number() })),
  attestedAt: z.string(),
  tree: z.object({ size: z.number(), rootHash: z.string() }).optional(),
  witnessedHeads: z.array(z.object({ hash: z.string(), records: z.number() })),
});
const Period = z.object({
  period: z.object({ from: z.string(), to: z.string() }),
  verdict: z.string(),
  chains: z.array(
    z.object({
      chain: z.object({ id: z.string() }),
      verdict: z.string(),
      recordRange: Range,
      segments: z.array(Segment),
    }),
  ),
  attestedAt: z.string(),
});

/** What a statement says of its attestation and of what that covers, as rows. */
export type Stated = {
  row: Values;
  chains: Map<string, Values>;
  segments: Map<string, Values>;
  heads: { hash: string; records: number }[];
};

export function statedOfChain(row: { id: string }, statement: Statement): Stated {
  const said = Ours.parse(statement.predicate);
  const { first, last, count } = said.recordRange;
  const { kind = 'chain', id } = said.scope ?? {};
  const scope =
    kind === 'range'
      ? { kind, first, last }
      : kind === 'session'
        ? { kind, session: id }
        : kind === 'run'
          ? { kind, run: id }
          : { kind };
  const covers = { verdict: said.verdict, first_record: first, last_record: last, records: count };
  const segments = [...new Set(said.segments.map(({ digest }) => digest.sha256))];
  return {
    row: {
      chain_id: said.chain.id,
      ...covers,
      scope,
      tree_size: said.tree?.size ?? null,
      tree_root: said.tree?.rootHash ?? null,
      signed_at: new Date(said.attestedAt),
    },
    chains: new Map([[`${row.id} ${said.chain.id}`, { chain_id: said.chain.id, ...covers }]]),
    segments: new Map(
      segments.map((digest, index) => [`${row.id} ${digest}`, { digest, ...wholeOf(kind, said, index) }]),
    ),
    heads: said.witnessedHeads,
  };
}

/** Whether a segment is covered whole, where the statement tells: of a range those between its ends are, and a single one by its number of records. */
function wholeOf(kind: string, { segments, recordRange }: z.output<typeof Ours>, index: number): Values {
  // Records picked one by one cover no segment whole, whatever their number.
  if (kind === 'session' || kind === 'run') return { whole: false };
  if (kind === 'chain' || (index > 0 && index < segments.length - 1)) return { whole: true };
  return segments.length === 1 ? { whole: segments[0]?.records === recordRange.count } : {};
}

export function statedOfPeriod(row: { id: string }, statement: Statement): Stated {
  const said = Period.parse(statement.predicate);
  const records = said.chains.reduce((sum, { recordRange }) => sum + recordRange.count, 0);
  const segments = new Set(said.chains.flatMap((chain) => chain.segments.map(({ digest }) => digest.sha256)));
  return {
    row: {
      chain_id: null,
      verdict: said.verdict,
      first_record: 0,
      last_record: 0,
      records,
      tree_size: null,
      tree_root: null,
      signed_at: new Date(said.attestedAt),
    },
    chains: new Map(
      said.chains.map(({ chain, verdict, recordRange: { first, last, count } }) => [
        `${row.id} ${chain.id}`,
        { verdict, first_record: first, last_record: last, records: count },
      ]),
    ),
    segments: new Map([...segments].map((digest) => [`${row.id} ${digest}`, { digest, whole: false }])),
    heads: [],
  };
}
