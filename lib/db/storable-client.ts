import 'server-only';
import pg from 'pg';
import { storableParameter } from '../core/text/storable';

/**
 * A connection whose parameters PostgreSQL can store, whatever a log holds: it has no place for NUL and halves of surrogate pairs, in text and in
 * JSON. Every statement of this process goes through here, so that no writer has to think of it.
 */
export class StorableClient extends pg.Client {
  // The declared overloads are many; all of them give the parameters second or in the first argument.
  override query = ((...given: unknown[]): unknown => {
    const [statement, values, ...rest] = given;
    if (Array.isArray(values)) return this.#send(statement, storable(values), ...rest);
    if (isConfig(statement) && Array.isArray(statement.values))
      return this.#send({ ...statement, values: storable(statement.values) }, ...given.slice(1));
    return this.#send(...given);
  }) as pg.Client['query'];

  readonly #send = (...given: unknown[]): unknown => Reflect.apply(pg.Client.prototype.query, this, given);
}

/** A plain description of a query; what submits itself is left alone. */
function isConfig(statement: unknown): statement is { values?: unknown } {
  return typeof statement === 'object' && statement !== null && !('submit' in statement);
}

function storable(values: readonly unknown[]): unknown[] {
  return values.map((value) =>
    typeof value === 'string' ? storableParameter(value) : Array.isArray(value) ? storable(value) : value,
  );
}
