import { Session } from 'chdb';
import { EngineError } from './engine-error';
import { placeholders } from './statement';

/** A statement is text written by a program; rows that follow an INSERT are not limited by this. */
export const MAX_STATEMENT_BYTES = 32 * 1024 * 1024;

/** Compiling what a statement computes takes a fifth of the time of one over few records, and gives nothing back over a million. */
const NOT_COMPILED = ['compile_expressions', 'compile_aggregate_expressions', 'compile_sort_description'];

/**
 * Passes over a statement that write it in another way before it is planned, and one over its plan. Each visits every expression, of CTEs as often as they
 * are named: without them a rule is planned in half the time, and what they would save while it runs is not measurable here.
 */
const NOT_REWRITTEN = [
  'optimize_aggregators_of_group_by_keys',
  'optimize_and_compare_chain',
  'optimize_arithmetic_operations_in_aggregate_functions',
  'optimize_dictget_tuple_element',
  'optimize_empty_string_comparisons',
  'optimize_extract_common_expressions',
  'optimize_functions_to_subcolumns',
  'optimize_group_by_constant_keys',
  'optimize_group_by_function_keys',
  'optimize_injective_functions_in_group_by',
  'optimize_injective_functions_in_limit_by',
  'optimize_injective_functions_inside_uniq',
  'optimize_inverse_dictionary_lookup',
  'optimize_limit_by_function_keys',
  'optimize_multiif_to_if',
  'optimize_normalize_count_variants',
  'optimize_or_like_chain',
  'optimize_qbit_distance_function_reads',
  'optimize_redundant_comparisons',
  'optimize_redundant_functions_in_order_by',
  'optimize_rewrite_aggregate_function_with_if',
  'optimize_rewrite_array_exists_to_has',
  'optimize_rewrite_has_to_in',
  'optimize_rewrite_like_perfect_affix',
  'optimize_rewrite_regexp_functions',
  'optimize_rewrite_sum_if_to_count_if',
  'optimize_syntax_fuse_functions',
  'optimize_time_filter_with_preimage',
  'optimize_truncate_order_by_after_group_by_keys',
  'optimize_uniq_to_count',
  'query_plan_remove_unused_columns',
];

/** What would be noted of each statement, for tables that are not kept here. */
const NOT_NOTED = [
  'log_queries',
  'log_profile_events',
  'log_processors_profiles',
  'memory_profiler_step',
  'query_profiler_cpu_time_period_ns',
  'query_profiler_real_time_period_ns',
];

const OFF = [...NOT_COMPILED, ...NOT_REWRITTEN, ...NOT_NOTED].map((name) => `${name} = 0`).join(', ');

/** One request's surroundings: database, settings and query parameters, all as text. */
export type Surroundings = {
  readonly database: string;
  readonly settings: ReadonlyMap<string, string>;
  /** Values in ClickHouse's escaped text form, as `param_…` carries them. */
  readonly params: ReadonlyMap<string, string>;
};

type Seat = { readonly session: Session; database: string; readonly usedParams: Set<string> };

/**
 * Sessions of one embedded engine on one directory. A session runs one query at a time; up to `size` run side by
 * side and further callers wait their turn. Settings and parameters hold for one call only.
 */
export class SessionPool {
  readonly #idle: Seat[] = [];
  readonly #waiting: ((seat: Seat) => void)[] = [];
  #opened = 0;
  #killer: Promise<Seat> | null = null;
  #kills: Promise<unknown> = Promise.resolve();

  constructor(
    readonly dir: string,
    readonly size: number,
  ) {}

  /** Throws EngineError for an unknown database, setting, or a placeholder without its parameter. */
  async use<T>(around: Surroundings, sql: string, run: (session: Session) => Promise<T>): Promise<T> {
    const seat = await this.#take();
    try {
      await this.#prepare(seat, around, sql);
      return await run(seat.session);
    } finally {
      await this.#giveBack(seat, around);
    }
  }

  /** Ends the running queries marked with this `log_comment`. Does not wait for a free session. */
  async kill(mark: string): Promise<void> {
    this.#killer ??= this.#open();
    const { session } = await this.#killer;
    const sql = `KILL QUERY WHERE Settings['log_comment'] = ${literal(mark)} ASYNC`;
    const killed = this.#kills.then(() => session.queryAsync(sql));
    this.#kills = killed.catch(() => undefined);
    await killed;
  }

  close(): void {
    for (const { session } of this.#idle.splice(0)) session.close();
  }

  async #take(): Promise<Seat> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#opened < this.size) {
      this.#opened += 1;
      return this.#open().catch((error: unknown) => {
        this.#opened -= 1;
        throw error;
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #prepare(seat: Seat, { database, settings, params }: Surroundings, sql: string): Promise<void> {
    const missing = [...placeholders(sql)].find((name) => seat.usedParams.has(name) && !params.has(name));
    if (missing) throw new EngineError(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${missing}\` is not set.`);
    if (seat.database !== database) {
      await seat.session.queryAsync(`USE ${identifier(database)}`);
      seat.database = database;
    }
    const assignments = [...settings].map(([name, value]) => `${identifier(name)} = ${literal(value)}`);
    for (const [name, value] of params) {
      assignments.push(`${identifier(`param_${name}`)} = ${literal(value)}`);
      seat.usedParams.add(name);
    }
    if (assignments.length > 0) await seat.session.queryAsync(`SET ${assignments.join(', ')}`);
  }

  async #giveBack(seat: Seat, { settings }: Surroundings): Promise<void> {
    const kept = await this.#reset(seat, settings).catch((error: unknown) => {
      this.#opened -= 1;
      throw error;
    });
    const next = this.#waiting.shift();
    if (next) next(kept);
    else this.#idle.push(kept);
  }

  /** A session whose settings cannot be put back is replaced. */
  async #reset(seat: Seat, settings: ReadonlyMap<string, string>): Promise<Seat> {
    if (settings.size === 0) return seat;
    try {
      await seat.session.queryAsync(
        `SET ${[...settings.keys()].map((name) => `${identifier(name)} = DEFAULT`).join(', ')}`,
      );
      return seat;
    } catch {
      // An unknown setting was asked for: it was refused when set, and cannot be reset either.
      seat.session.close();
      return this.#open();
    }
  }

  /** Parameters arrive as one SET statement, so a statement may be as long as a request. */
  async #open(): Promise<Seat> {
    const session = new Session(this.dir);
    await session.queryAsync(`SET max_query_size = ${MAX_STATEMENT_BYTES}, ${OFF}`);
    return { session, database: 'default', usedParams: new Set() };
  }
}

/** Throws EngineError unless the name is letters, digits and underscores: nothing else is ever put into SQL bare. */
function identifier(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new EngineError(36, 'BAD_ARGUMENTS', `Invalid name ${JSON.stringify(name.slice(0, 100))}.`);
}

/** A text as SQL has it. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
