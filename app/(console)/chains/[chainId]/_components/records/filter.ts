import { parseAsArrayOf, parseAsInteger, parseAsString } from 'nuqs';

/** What the address says about the list of records. */
export const RECORD_PARAMS = {
  q: parseAsString.withDefault(''),
  period: parseAsString,
  since: parseAsString,
  until: parseAsString,
  /** Ordinal to scroll to. */
  at: parseAsInteger,
  /** Ordinal shown in the panel. */
  record: parseAsInteger,
  /** The order of the records; that of the chain where it names none. */
  sort: parseAsString,
  columns: parseAsArrayOf(parseAsString),
};
