import { DECISIONS } from '../core/event/decisions';
import type { Compared } from '../lake/query/page';
import { ChainRecord } from '../schemas/chains';
import type { EvidenceRecord, EvidenceSort } from '../schemas/findings';

/** A record with what it can be put in order by, and where it stands among those its finding lists. */
export type Ordered = Pick<EvidenceRecord, 'chainName' | 'ordinal' | 'attestationId'> & {
  compared: Compared | null;
  at: number;
};
type Name<T> = T extends `-${infer Rest}` ? Rest : T;
/** Compared one after the other. */
type Values = readonly (string | number)[];
export type EvidencePlace = { values: Values; at: number };

const INTEGRITIES: readonly string[] = ChainRecord.shape.integrity.options;

/** A record that the lake lacks comes before every other; what does not hold before what does; what is not signed before what is. */
const VALUES: Readonly<Record<Name<EvidenceSort>, (record: Ordered) => Values>> = {
  time: () => [],
  decision: ({ compared }) => [compared ? DECISIONS.indexOf(compared.decision) : -1],
  tool: ({ compared }) => (compared ? [1, compared.tool, compared.target] : [0]),
  integrity: ({ compared }) => [compared ? -INTEGRITIES.indexOf(compared.integrity) : -INTEGRITIES.length],
  record: ({ chainName, ordinal }) => [chainName, ordinal],
  proof: ({ attestationId }) => [attestationId === null ? 0 : 1],
};

/** Where a record stands in an order: two that are equal in it stand as the finding lists them. */
export function evidencePlace(sort: EvidenceSort, record: Ordered): EvidencePlace {
  const by = (sort.startsWith('-') ? sort.slice(1) : sort) as Name<EvidenceSort>; // what is left of the sign is the name
  return { values: VALUES[by](record), at: record.at };
}

/** Less than 0 where `a` comes before `b`. */
export function compareEvidence(sort: EvidenceSort, a: EvidencePlace, b: EvidencePlace): number {
  const sign = sort.startsWith('-') ? -1 : 1;
  for (const [nth, value] of a.values.entries()) {
    const other = b.values[nth];
    if (other === undefined || value === other) continue;
    return sign * (value < other ? -1 : 1);
  }
  return sign * (a.at - b.at);
}
