import type { Hasher } from '../../core/chain/format';
import { arbiterLog } from './arbiter-log';
import { occasioLog } from './occasio-log';
import { createRandom } from './random';

/** One upload of the sample: later ones of the same chain come after earlier ones. */
export type SampleUpload = { chain: string; fileName: string; lines: string[] };

const SEED = 20_260_511;

/**
 * A believable week of seven agents, ending at `endMs`: genuine chains, but for one record changed after the fact
 * in `release-bot` and the last hours cut from `finance-assistant`, whose whole log comes first.
 */
export function sampleWeek(hasher: Hasher, endMs: number): SampleUpload[] {
  const random = createRandom(SEED);
  const upload = (chain: string, lines: string[]): SampleUpload => ({ chain, fileName: `${chain}.jsonl`, lines });
  const finance = arbiterLog(random, hasher, endMs, { agent: 'finance-assistant', calls: 1400 });
  return [
    upload(
      'storefront-coder',
      occasioLog(random, hasher, endMs, {
        agent: 'storefront-coder',
        calls: 2600,
        secrets: { at: 0.72, minutes: 9, calls: 8 },
      }),
    ),
    upload('support-copilot', arbiterLog(random, hasher, endMs, { agent: 'support-copilot', calls: 3200 })),
    upload(
      'infra-operator',
      arbiterLog(random, hasher, endMs, {
        agent: 'infra-operator',
        calls: 900,
        restartAt: 0.45,
        denials: { at: 0.9, minutes: 11, calls: 14 },
      }),
    ),
    upload(
      'data-pipeline',
      occasioLog(random, hasher, endMs, {
        agent: 'data-pipeline',
        calls: 1800,
        denials: { at: 0.55, minutes: 7, calls: 9 },
      }),
    ),
    upload('docs-writer', occasioLog(random, hasher, endMs, { agent: 'docs-writer', calls: 700, legacy: 40 })),
    upload('finance-assistant', finance),
    upload('finance-assistant', finance.slice(0, -160)),
    upload('release-bot', tamper(occasioLog(random, hasher, endMs, { agent: 'release-bot', calls: 1100 }))),
  ];
}

/** What an insider would do: a refusal made to look like a permission, its hash left as it was. */
function tamper(lines: string[]): string[] {
  const index = lines.findIndex((line, at) => at > lines.length / 2 && line.includes('"action":"BLOCK"'));
  return lines.map((line, at) => (at === index ? line.replace('"action":"BLOCK"', '"action":"PASS"') : line));
}
