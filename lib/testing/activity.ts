import type { Hasher } from '../core/chain/format';
import type { FormatId } from '../core/formats';
import { arbiterLog } from '../ingest/sample/arbiter-log';
import { occasioLog } from '../ingest/sample/occasio-log';
import { createRandom } from '../ingest/sample/random';

export type ActivityOf = {
  chains: number;
  /** Of each chain, about. */
  records: number;
  /** The end of the week they are of. */
  endMs: number;
  seed?: number;
};
export type ActivityLog = { chain: string; format: FormatId; lines: string[] };

const TEAMS = ['storefront', 'support', 'infra', 'data', 'finance', 'release', 'docs', 'research'] as const;
/** One chain in so many has a burst of denials, has secrets taken out, and was attacked: denied first, then at secrets. */
const [BURST, SECRETS, ATTACK] = [20, 35, 200];

/**
 * What so many agents of some teams did in a week, as genuine chains of two guardrails: busy at work, quiet at night, with bursts, secrets and, now
 * and then, an attack. The same seed gives the same bytes.
 */
export function* agentActivity(
  hasher: Hasher,
  { chains, records, endMs, seed = 1 }: ActivityOf,
): Generator<ActivityLog> {
  const random = createRandom(seed);
  for (let index = 0; index < chains; index += 1) {
    const agent = `${random.pick(TEAMS)}-${String(index).padStart(4, '0')}`;
    const attacked = index % ATTACK === ATTACK - 1;
    const at = 0.2 + 0.7 * random.next();
    const plan = {
      agent,
      calls: Math.max(1, Math.round(records * (0.6 + 0.8 * random.next()))),
      ...((attacked || index % BURST === BURST - 1) && { denials: { at, minutes: 12, calls: random.int(6, 40) } }),
    };
    if (index % 2 === 1 && !attacked)
      yield { chain: `load/${agent}`, format: 'arbiter', lines: arbiterLog(random, hasher, endMs, plan) };
    else {
      const secrets = attacked || index % SECRETS === 0;
      yield {
        chain: `load/${agent}`,
        format: 'occasio',
        lines: occasioLog(random, hasher, endMs, {
          ...plan,
          ...(secrets && { secrets: { at: Math.min(at + 0.01, 0.95), minutes: 20, calls: random.int(3, 30) } }),
        }),
      };
    }
  }
}
