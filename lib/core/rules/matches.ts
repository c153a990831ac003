import { COLUMNS, type ColumnName } from './columns';
import { toRegExp } from './pattern';
import type { Comparison, ExampleEvent, Predicate } from './rule';

/** Whether a record is one the predicate describes. */
export function matches(predicate: Predicate, event: ExampleEvent): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.of.every((part) => matches(part, event));
    case 'or':
      return predicate.of.some((part) => matches(part, event));
    case 'not':
      return !matches(predicate.of, event);
    case 'text':
      return toRegExp(predicate.pattern, predicate.cased).test(text(event, predicate.column));
    case 'regex': {
      const { i, m, s } = predicate.flags;
      return new RegExp(predicate.source, `u${i ? 'i' : ''}${m ? 'm' : ''}${s ? 's' : ''}`).test(
        text(event, predicate.column),
      );
    }
    case 'number':
      return compare(Number(event[predicate.column] ?? 0), predicate.op, predicate.value);
    case 'absent':
      return COLUMNS[predicate.column] === 'text'
        ? text(event, predicate.column) === ''
        : Number(event[predicate.column] ?? 0) === 0;
  }
}

export function compare(left: number, op: Comparison, right: number): boolean {
  switch (op) {
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'eq':
      return left === right;
  }
}

export function text(event: ExampleEvent, column: ColumnName): string {
  return String(event[column] ?? '');
}
