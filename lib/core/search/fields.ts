import { COLUMNS } from '../event/columns.browser';

type Column = (typeof COLUMNS)[number];

/** What a search can compare a field with. The chain is found by its name, the time by an instant. */
type SearchType = 'text' | 'decision' | 'number' | 'time' | 'chain';

const TYPE: Readonly<Record<Column['type'], SearchType>> = {
  uuid: 'chain',
  position: 'number',
  sequence: 'number',
  text: 'text',
  word: 'text',
  decision: 'decision',
  time: 'time',
  count32: 'number',
  count53: 'number',
  amount: 'number',
};

export type ColumnName = Column['name'];
/** A field as searches know it: `name` is the column of the lake, `names` all it answers to, the one people read first. */
export type SearchField = {
  name: ColumnName;
  names: readonly string[];
  label: string;
  type: SearchType;
  about: string;
};

/** Fields that searches may name, and nothing else reaches SQL as a name. */
export const SEARCH_FIELDS: readonly SearchField[] = COLUMNS.map((column) => {
  const also: readonly string[] = column.name === 'chain_id' ? ['chain'] : 'also' in column ? column.also : [];
  return {
    name: column.name,
    names: [...also, column.name],
    label: 'label' in column ? column.label : (also[0] ?? column.name.replaceAll('_', ' ')),
    type: TYPE[column.type],
    about: column.about,
  };
});

const BY_NAME = new Map(SEARCH_FIELDS.flatMap((field) => field.names.map((name) => [name, field])));

/** The field of a name, in any case of letters; null where there is none. */
export function searchField(name: string): SearchField | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

/** The name that was probably meant: one letter away, or one that begins so. */
export function likelyField(name: string): string | null {
  const wanted = name.toLowerCase();
  const names = [...BY_NAME.keys()];
  return (
    names.find((known) => wanted.length > 1 && known.startsWith(wanted)) ??
    names.find((known) => isNear(wanted, known)) ??
    null
  );
}

/** Whether one letter was left out, added, exchanged for another or with its neighbour. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 3) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}
