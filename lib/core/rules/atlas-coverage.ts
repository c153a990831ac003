import { TACTICS, TECHNIQUES, type Tactic } from './atlas';

type Technique = { id: string; name: string; rules: number };

/** Which techniques of MITRE ATLAS rules that run look for: by tactic in the order of the matrix, those it does not have, and tactics nothing is of. */
export type AtlasCoverage = {
  techniques: number;
  tactics: { name: string; techniques: Technique[] }[];
  empty: string[];
};

export function atlasCoverage(rules: readonly { atlas: readonly string[]; isEnabled: boolean }[]): AtlasCoverage {
  const count = new Map<string, number>();
  for (const { atlas, isEnabled } of rules)
    if (isEnabled) for (const id of new Set(atlas)) count.set(id, (count.get(id) ?? 0) + 1);
  const looked = [...count].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const of = (isOf: (id: string) => boolean): Technique[] =>
    looked.flatMap(([id, many]) => (isOf(id) ? [{ id, name: TECHNIQUES[id]?.[0] ?? id, rules: many }] : []));
  const tactics = (Object.keys(TACTICS) as Tactic[]) // its own keys
    .map((tactic) => ({
      name: TACTICS[tactic],
      techniques: of((id) => TECHNIQUES[id]?.slice(1).includes(tactic) ?? false),
    }));
  const others = of((id) => TECHNIQUES[id] === undefined);
  return {
    techniques: looked.length,
    tactics: [
      ...tactics.filter(({ techniques }) => techniques.length > 0),
      ...(others.length > 0 ? [{ name: 'Other', techniques: others }] : []),
    ],
    empty: tactics.flatMap(({ name, techniques }) => (techniques.length === 0 ? [name] : [])),
  };
}
