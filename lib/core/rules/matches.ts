import { WORDS_OF } from '../search/search';
import { microsOf } from '../time';
import { addressOf } from './address';
import { COLUMNS, type ColumnName } from './columns';
import { toRegExp } from './pattern';
import { ANYWHERE, type Comparison, type ExampleEvent, type Predicate, type TextOperand } from './rule';
import { timePart } from './time-part';

/** Whether a record is one the predicate describes. What `predicateSql` means, said plainly. */
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
      const { i, m } = predicate.flags;
      return new RegExp(predicate.source, `su${i ? 'i' : ''}${m ? 'm' : ''}`).test(text(event, predicate.column));
    }
    case 'number':
      return compare(numberOf(event, predicate.column), predicate.op, predicate.value);
    case 'time': {
      const us = microsOf(event.recorded_at);
      const { part, zone, op, value } = predicate;
      return us > 0 && compare(timePart(new Date(Math.floor(us / 1000)), part, zone), op, value);
    }
    case 'address': {
      const address = addressOf(text(event, predicate.column));
      const [first, last] = [addressOf(predicate.first), addressOf(predicate.last)];
      return address !== null && first !== null && last !== null && address >= first && address <= last;
    }
    case 'same-text':
      return sameText(predicate, event);
    case 'same-number': {
      const [one, other] = [numberOf(event, predicate.column), numberOf(event, predicate.other)];
      return one !== 0 && other !== 0 && compare(one, predicate.op, other);
    }
    case 'absent':
      return COLUMNS[predicate.column] === 'text'
        ? text(event, predicate.column as TextOperand) === '' // by the list of columns
        : numberOf(event, predicate.column) === 0;
  }
}

function sameText(
  { column, other, how, cased }: Extract<Predicate, { kind: 'same-text' }>,
  event: ExampleEvent,
): boolean {
  const [one, two] = [column, other].map((name) => (cased ? text(event, name) : text(event, name).toLowerCase()));
  if (!one || !two) return false;
  switch (how) {
    case 'is':
      return one === two;
    case 'contains':
      return one.includes(two);
    case 'startswith':
      return one.startsWith(two);
    case 'endswith':
      return one.endsWith(two);
  }
}

export function compare(left: number | bigint, op: Comparison, right: number | bigint): boolean {
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

export function text(event: ExampleEvent, column: TextOperand): string {
  if (column === ANYWHERE) return WORDS_OF.map((name) => String(event[name] ?? '')).join('\n');
  return String(event[column] ?? '');
}

export function numberOf(event: ExampleEvent, column: ColumnName): number {
  return Number(event[column] ?? 0);
}
