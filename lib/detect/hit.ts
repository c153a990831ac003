import { createHash } from 'node:crypto';
import { kindOf } from '../core/rules/kinds';
import type { Part } from '../core/rules/parts';
import { type Measured, levelOf } from '../core/rules/kinds/kind';
import type { Measures } from '../core/rules/kinds/measures';
import type { NewFinding } from './write-findings';
import type { CatalogRule } from './catalog';
import type { Hit } from '../core/rules/kinds/hits';
import { instantOfMicros } from '../core/time';
import { figure } from '../core/text/words';

/** What an index of the database takes; a record's values may be of any length. */
const MAX_KEY_CHARACTERS = 500;
const MAX_SHOWN_CHARACTERS = 1_000;

/** Of records that state every field grouped by, their values; with their chain for others. Under the name of a rule that found it by itself. Long ones are known by their hash. */
function groupKey(values: readonly string[], { name, correlation: { groupBy } }: Part): string {
  const stated = values.at(-1) === '' ? values.slice(0, groupBy.length) : values;
  const key = JSON.stringify(name === null ? stated : [name, stated]);
  return key.length <= MAX_KEY_CHARACTERS ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

function shown(value: string): string {
  return value.length <= MAX_SHOWN_CHARACTERS
    ? value
    : `${value.slice(0, MAX_SHOWN_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}… (${figure(value.length)} characters)`;
}

/** A hit of one part of a rule as a finding: evidence in one chain, and where else the same records lie. */
export function toFinding(rule: CatalogRule, part: Part, hit: Hit): NewFinding {
  const { groupBy } = part.correlation;
  const chains = new Map<string, number[]>(hit.chains.map((chainId) => [chainId, []]));
  for (const { places } of hit.records) for (const [chainId, ordinal] of places) chains.get(chainId)?.push(ordinal);
  return {
    chains,
    row: {
      rule_id: rule.id,
      rule_digest: rule.digest,
      rule_yaml: rule.yaml,
      title: part.title,
      level: levelOf(hit.measured['severity'] ?? 0) ?? part.level,
      group_key: groupKey(hit.groupValues, part),
      group_values: JSON.stringify(
        Object.fromEntries(groupBy.map((field, index) => [field, shown(hit.groupValues[index] ?? '')])),
      ),
      window_from: new Date(Math.floor(hit.windowFromUs / 1000)),
      // the end of a half-open window is not to move before its last record
      window_to: new Date(Math.ceil(hit.windowToUs / 1000)),
      measures: JSON.stringify(measuresOf(part, hit.measured)),
      record_count: hit.recordCount,
      records: JSON.stringify(
        hit.records.map(({ place: [chainId, ordinal, segmentDigest, byteOffset, byteLength, hash], tUs }) => ({
          chainId,
          ordinal,
          segmentDigest: segmentDigest || null,
          byteOffset,
          byteLength,
          hash,
          recordedAt: instantOfMicros(tUs),
        })),
      ),
    },
  };
}

function measuresOf({ correlation, name }: Part, measured: Measured): Measures {
  const { type: kind, timespan } = correlation;
  const stated = kindOf(correlation).measuresOf(correlation, measured);
  return { kind, ...stated, timespan, ...(name !== null && { rule: name }) };
}
