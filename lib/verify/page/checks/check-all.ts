import type { Hasher } from '../../../core/chain/format';
import type { Item } from '../item';
import { isLog } from '../item';
import type { Checked, FileItem, LogChecked, Report, Row } from '../outcome';
import { type TrustMaterial, trustItems } from '../trust/trust-material';
import { rotatedChains } from '../walk/rotated';
import { verifySidecars } from '../walk/verify-sidecars';
import { describeRow } from './describe-row';
import type { CheckedBundle } from './check-bundle';
import { checkLog, unwalkedLog } from './check-log';
import { verifyManifest } from './check-manifest';
import { verifyProofs } from './check-proofs';
import { type Held, factsOf, compareStatement, segmentPredicate } from './compare-statement';
import { overall } from './overall';
import { fileWords } from './file-words';

export type Bundles = ReadonlyMap<Item, CheckedBundle>;

/** Everything that can be said of what is here, once its logs are walked. */
export async function checkAll({
  items,
  bundles,
  trustMaterial,
  hasher,
}: {
  items: readonly Item[];
  bundles: Bundles;
  trustMaterial: TrustMaterial;
  hasher: Hasher;
}): Promise<Report> {
  const held = new Map<Item, Held>();
  const pieces = [...bundles.values()].flatMap(({ statement }) => {
    const predicate = segmentPredicate(statement);
    return predicate && predicate.segments.length > 1 ? [predicate.segments.map(({ digest }) => digest.sha256)] : [];
  });
  for (const [item, { statement }] of bundles)
    if (statement) held.set(item, await compareStatement(statement, items, { pieces, hasher }));
  const spokenOf = new Set([...held.values()].flatMap(({ items: named }) => named));
  const orphans = items.filter(
    (item) =>
      (item.what.kind === 'log' || item.what.kind === 'other') && item.source.from === null && !spokenOf.has(item),
  );
  const chains = chainsAmong(items, held);
  const proofs = await verifyProofs(items, trustMaterial, { chains, hasher });
  const checked = [
    ...packagesOf(items),
    ...[...bundles].map(([item, bundle]) => bundleChecked(item, bundle, held.get(item), orphans)),
    ...proofs.checked,
  ];
  const logs = await verifyLogFiles({ items, chains, held, provenBy: proofs.held, trustMaterial, hasher });
  return report({ checked, logs, isWorking: false }, { items, trustMaterial });
}

/** The same as far as it can be said while logs are being walked. */
export function checkSoFar({
  items,
  bundles,
  trustMaterial,
}: {
  items: readonly Item[];
  bundles: Bundles;
  trustMaterial: TrustMaterial;
}): Report {
  const checked = [...bundles].map(([item, bundle]) => bundleChecked(item, bundle, undefined, []));
  const logs = items.filter(isLog).map(unwalkedLog);
  return report({ checked, logs, isWorking: true }, { items, trustMaterial });
}

/** With everything that was compared in words. */
function report(
  {
    checked,
    logs,
    isWorking,
  }: { checked: readonly Checked<Row>[]; logs: readonly LogChecked<Row>[]; isWorking: boolean },
  { items, trustMaterial }: { items: readonly Item[]; trustMaterial: TrustMaterial },
): Report {
  const files = filesOf(items);
  const reported = {
    checked: checked.map((one) => ({ ...one, rows: one.rows.map(describeRow) })),
    logs: logs.map((log) => ({ ...log, rows: log.rows.map(describeRow) })),
  };
  return {
    ...overall({ ...reported, isWorking, files: isWorking ? [] : files }),
    ...reported,
    trust: trustItems(trustMaterial),
    files,
  };
}

function bundleChecked(
  item: Item,
  { rows, statement, words, proven, label }: CheckedBundle,
  held: Held | undefined,
  orphans: readonly Item[],
): Checked<Row> {
  return {
    id: item.id,
    kind: 'bundle',
    title: label,
    file: item.source.name,
    rows: [...rows, ...(held?.rows ?? []).map((row) => refusing(row, held, orphans))],
    says: words === null ? null : { words, facts: factsOf(statement), proven },
    content:
      statement === null ? null : { label: 'Statement as it was signed', text: JSON.stringify(statement, null, 2) },
  };
}

/** Bytes that were dropped with a statement and are of no digest it names are not what it speaks of. */
function refusing(row: Row, held: Held | undefined, orphans: readonly Item[]): Row {
  if (row.reason.code !== 'no-subject-here' || held?.items.length !== 0 || orphans.length === 0) return row;
  return {
    ...row,
    status: 'failed',
    reason: {
      code: 'given-are-others',
      given: orphans.map(({ source, sha256 }) => ({ file: source.name, sha256 })),
      named: row.reason.named,
    },
  };
}

/** The logs, those together that are one chain; records picked from one are none. */
function chainsAmong(items: readonly Item[], held: ReadonlyMap<Item, Held>): (readonly Item[])[] {
  const named = [
    ...new Map(
      [...held.values()].flatMap(({ chains }) =>
        chains.map((chain) => [chain.map(({ id }) => id).join('+'), chain] as const),
      ),
    ).values(),
  ];
  const assigned = new Set(named.flat());
  for (const { noChain } of held.values()) if (noChain) assigned.add(noChain);
  const logs = items.filter((item) => isLog(item) && !assigned.has(item));
  return [...named, ...rotatedChains(logs)];
}

type Parts = {
  items: readonly Item[];
  chains: readonly (readonly Item[])[];
  held: ReadonlyMap<Item, Held>;
  provenBy: ReadonlyMap<Item, readonly Item[]>;
  trustMaterial: TrustMaterial;
  hasher: Hasher;
};

async function verifyLogFiles({
  items,
  chains,
  held,
  provenBy,
  trustMaterial,
  hasher,
}: Parts): Promise<LogChecked<Row>[]> {
  const logs: LogChecked<Row>[] = [];
  for (const group of chains) {
    const [first] = group;
    if (!first) continue;
    if (group.some(({ walk }) => walk === null)) logs.push(unwalkedLog(first));
    else {
      const speaking = [
        ...[...held].flatMap(([item, { items: named, isAbout }]) => (isAbout ? [[item, named] as const] : [])),
        ...provenBy,
      ];
      const speakers = speaking.flatMap(([item, named]) =>
        group.some((one) => named.includes(one)) ? [item.source.name] : [],
      );
      const sidecarCheck =
        group.length === 1 ? await verifySidecars(first, { items, keys: trustMaterial.keys, hasher }) : null;
      logs.push(await checkLog({ items: group, sidecarCheck, speakers, hasBundles: held.size > 0 }, hasher));
    }
  }
  return logs;
}

/** Each package that carries a list of what is in it. */
function packagesOf(items: readonly Item[]): Checked<Row>[] {
  const listed = new Set(items.flatMap(({ what, source }) => (what.kind === 'manifest' ? [source.from] : [])));
  const unlisted = items
    .filter(({ what, source }) => what.kind === 'package' && !listed.has(source.name))
    .map(({ id, source }): Checked<Row> => {
      const row: Row = { step: 'files-here', status: 'skipped', isMore: true, reason: { code: 'no-manifest' } };
      return { id, kind: 'package', title: 'Package', file: source.name, rows: [row], says: null, content: null };
    });
  const packages = items
    .filter(({ what }) => what.kind === 'manifest')
    .map(
      (manifest): Checked<Row> => ({
        id: manifest.id,
        kind: 'package',
        title: 'Package',
        file: manifest.source.from ?? manifest.source.name,
        rows: verifyManifest(
          manifest,
          items.filter(({ source, what }) => source.from === manifest.source.from && what.kind !== 'package'),
        ),
        says: null,
        content: null,
      }),
    );
  return [...packages, ...unlisted];
}

function filesOf(items: readonly Item[]): FileItem[] {
  return items.map((item) => ({
    id: item.id,
    name: item.source.name,
    from: item.source.from,
    sizeBytes: item.source.sizeBytes,
    ...fileWords(item),
  }));
}
