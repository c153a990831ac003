import { formatCount } from '@/app/_components/format/number';
import type { Decision } from '@/lib/core/event/fields';
import type { Finding } from '@/lib/schemas/findings';
import { baselineWords } from './baseline-words';

/** What a record tells of what was done. */
type Told = { agent: string; tool: string; target: string; decision: Decision; secretsRedacted: number };
type Of = Pick<Finding, 'group' | 'recordCount' | 'measures'> & {
  /** Of the first and the last record. */ lastedMs: number;
};

/** Names that are said before the rest are counted. */
const NAMED = 2;
const LONGEST = 60;

/**
 * What happened in a finding, in one sentence with the names its records state: `infra-operator tried drop_table, delete_customer and 4 other refused
 * tools 14 times in 9 minutes`. Null where its records say nothing, as those that are not loaded.
 */
export function findingSentence({ group, recordCount, measures, lastedMs }: Of, told: readonly Told[]): string | null {
  if (measures.kind === 'evidence' || told.length === 0) return null;
  const tools = byCount(told.map(({ tool }) => tool));
  const targets = byCount(told.map(({ target }) => target));
  const { verb, quality } = verbOf(told);
  const [only] = tools;
  const what =
    tools.length > 1
      ? list(tools, `${quality}tool`)
      : only === undefined
        ? targets.length > 0
          ? list(targets, `${quality}target`)
          : ''
        : `${only}${targets.length > 0 ? ` on ${list(targets, 'target')}` : ''}`;
  const isCounted = (tools.length > 0 ? tools : targets).length > NAMED;
  const refused = quality === '' || isCounted ? '' : `, which ${tools.length > 1 ? 'were' : 'was'} refused,`;
  const sentence = [whoOf(group, told), verb, `${what}${refused}`, times(recordCount), lasted(recordCount, lastedMs)]
    .filter((part) => part !== '')
    .join(' ');
  const against = baselineWords(measures);
  return `${sentence}${mixed(told)}${measures.kind === 'new_terms' ? ', as it had not before' : ''}.${against ? ` ${against}` : ''}`;
}

/** The agent, or the few there are; the session where no record names any. */
function whoOf(group: Finding['group'], told: readonly Told[]): string {
  const agents = byCount(told.map(({ agent }) => agent));
  if (agents.length === 1 && agents[0]) return short(agents[0]);
  if (agents.length > 1) return list(agents, 'agent');
  return group['session_id'] ? `A session of no named agent` : 'An agent without a name';
}

/** By what was decided of all the records. `quality` stands before what was tried, where that is not said by the verb. */
function verbOf(told: readonly Told[]): { verb: string; quality: string } {
  const all = (is: (one: Told) => boolean) => told.every(is);
  if (all(({ decision }) => decision === 'deny')) return { verb: 'tried', quality: 'refused ' };
  if (all(({ secretsRedacted }) => secretsRedacted > 0)) return { verb: 'had secrets redacted, calling', quality: '' };
  if (all(({ decision }) => decision === 'ask')) return { verb: 'asked for', quality: '' };
  if (all(({ decision }) => decision === 'error')) return { verb: 'failed at', quality: '' };
  if (all(({ decision }) => decision === 'allow' || decision === 'transform')) return { verb: 'used', quality: '' };
  return { verb: 'called', quality: '' };
}

const DONE: Readonly<Record<Decision, string>> = {
  deny: 'refused',
  allow: 'allowed',
  ask: 'asked about',
  transform: 'changed',
  error: 'failed',
  local: 'answered locally',
  info: 'noted',
};

/** How often what was decided, where it differs: `: 6 refused, 1 allowed`. */
function mixed(told: readonly Told[]): string {
  const counts = Map.groupBy(told, ({ decision }) => decision);
  if (counts.size < 2) return '';
  const parts = [...counts]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([decision, of]) => `${formatCount(of.length)} ${DONE[decision]}`);
  return `: ${parts.join(', ')}`;
}

/** Those that are most first, then in the order they came. */
function byCount(values: readonly string[]): string[] {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts]
    .filter(([value]) => value !== '')
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([value]) => short(value));
}

/** `a`, `a and b`, `a, b and 4 other tools`. */
function list(values: readonly string[], noun: string): string {
  const named = values.slice(0, NAMED);
  const more = values.length - named.length;
  if (more === 0) return named.join(' and ');
  const [quality = '', last = ''] = noun.includes(' ') ? noun.split(' ') : ['', noun];
  return `${named.join(', ')} and ${formatCount(more)} other ${quality && `${quality} `}${last}${more === 1 ? '' : 's'}`;
}

function short(value: string): string {
  return value.length <= LONGEST ? value : `${value.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function times(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${formatCount(count)} times`;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

function lasted(count: number, ms: number): string {
  if (count < 2) return '';
  const unit = UNITS.find(([, length]) => ms >= length);
  if (!unit) return 'within a second';
  const number = Math.round(ms / unit[1]);
  return `in ${formatCount(number)} ${unit[0]}${number === 1 ? '' : 's'}`;
}
