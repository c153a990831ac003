import 'server-only';
import { COLUMNS, isColumn } from '../../core/rules/columns';
import { SEARCH_FIELDS } from '../../core/search/fields';
import type { Vocabulary } from '../../core/rules/complete';
import { SUPPORTED_MODIFIERS } from '../../core/rules/item';
import { SIGMA_KINDS } from '../../core/rules/kinds';
import { LEVELS } from '../../core/rules/rule';

/** Words of rules, from the lists that say what is read. */
export const VOCABULARY: Vocabulary = {
  fields: SEARCH_FIELDS.flatMap(({ name, about }) => (isColumn(name) ? [{ name, type: COLUMNS[name], about }] : [])),
  modifiers: SUPPORTED_MODIFIERS,
  kinds: SIGMA_KINDS.map(({ type }) => type),
  levels: LEVELS,
};
