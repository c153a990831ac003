import type { Hasher } from '../../../core/chain/format';
import type { AuditChainSegment } from '../../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../../core/statements/statement';
import type { Item } from '../item';
import { digestsOf, isLog } from '../item';
import type { Row } from '../outcome';
import { joinFirst } from '../walk/join-first';
import { type Walked, isCutAt, joinWalk } from '../walk/join-walk';
import { filesOf, rotatedChains } from '../walk/rotated';
import { treeRoot } from '../walk/tree-head';
import { type ByteRange, createRangeDigests, keyOf } from '../walk/walk-log';
import { excerptOf, excerptRows } from './compare-excerpt';
import { namesOf } from './find-chain';
import { rulesRow } from './compare-summary';
import { verdictRow } from './verdict-row';
import { compared } from '../../../core/checks/compared';

export type Compared = {
  rows: Row[];
  /** The logs the statement was compared with. */
  logs: readonly Item[];
  /** They are what it speaks of. */
  isAbout: boolean;
  /** The pieces, in order, that make the chain it speaks of; null when it is one log, or not all are here. */
  chain: readonly Item[] | null;
  /** Records picked from a chain, which are none by themselves. */
  noChain?: Item | null;
};

type Predicate = AuditChainSegment;
type Tools = { hasher: Hasher };
/** `end`: the byte of the chain at which what is covered ends. */
type Covered = {
  files: Walked[];
  items: Item[];
  end: number;
  isWhole: boolean;
  /** The files of a rotated log. */
  isRotated?: boolean;
  /** Told by the root of the tree over their records. */
  isByTree?: boolean;
};

/** The ranges of a log whose digests a statement states. */
export function rangesOf({ segments }: Predicate): ByteRange[] {
  return segments.map(({ byteOffset, sizeBytes }) => ({ from: byteOffset, to: byteOffset + sizeBytes }));
}

/** Holds what a statement on a chain says against the logs that are here. */
export async function compareSegment(
  statement: Statement,
  predicate: Predicate,
  logs: readonly Item[],
  tools: Tools,
): Promise<Compared> {
  const excerpt = excerptOf(statement, predicate, logs);
  const covered = coveredBy(predicate, logs) ?? (await rotatedWith(predicate, logs, tools));
  if (excerpt) {
    const items = [excerpt.item, ...(covered?.items ?? [])];
    return {
      rows: [
        ...(covered ? [bytesRow(predicate, covered)] : []),
        ...(await excerptRows(excerpt, predicate, tools.hasher)),
      ],
      logs: items,
      isAbout: true,
      chain: null,
      noChain: excerpt.isContiguous ? null : excerpt.item,
    };
  }
  if (!covered) return compareOther(statement, predicate, logs);
  const rows = [bytesRow(predicate, covered)];
  const isChain =
    (predicate.scope === undefined || predicate.scope.kind === 'chain') && predicate.segments[0]?.byteOffset === 0;
  if (isChain) rows.push(...(await contentRows(predicate, covered, tools)));
  else
    rows.push({
      step: 'covered-part',
      status: 'skipped',
      reason: { code: 'part-not-verified', records: predicate.recordRange.count },
    });
  if (predicate.rules.length > 0)
    rows.push(rulesRow({ by: 'chain', findings: predicate.findings.length, rules: predicate.rules.length }));
  return { rows, logs: covered.items, isAbout: true, chain: covered.items.length > 1 ? covered.items : null };
}

/** The bytes it speaks of: in one log, or in as many files as it names segments. */
function coveredBy({ segments }: Predicate, logs: readonly Item[]): Covered | null {
  const end = segments.reduce((most, { byteOffset, sizeBytes }) => Math.max(most, byteOffset + sizeBytes), 0);
  for (const item of logs) {
    if (item.plain && item.walk && segments.every((segment) => isIn(item, segment)))
      return {
        files: [{ plain: item.plain, walk: item.walk }],
        items: [item],
        end,
        isWhole: item.walk.sizeBytes === end,
      };
  }
  const pieces = segments.map(({ digest }) => logs.find(({ walk }) => walk?.sha256 === digest.sha256));
  const files = pieces.flatMap((item) => (item?.plain && item.walk ? [{ plain: item.plain, walk: item.walk }] : []));
  return files.length === segments.length
    ? {
        files,
        items: pieces.filter((item) => item !== undefined),
        end: end - (segments[0]?.byteOffset ?? 0),
        isWhole: true,
      }
    : null;
}

/** The files rotation made of one log, when they, one after another, begin with what it speaks of: how it was cut into segments says nothing of files. */
async function rotatedWith(
  { tree, segments }: Predicate,
  logs: readonly Item[],
  { hasher }: Tools,
): Promise<Covered | null> {
  const end = segments.reduce((most, { byteOffset, sizeBytes }) => Math.max(most, byteOffset + sizeBytes), 0);
  for (const items of rotatedChains(logs).filter(({ length }) => length > 1)) {
    const files = filesOf(items);
    const isByTree =
      tree !== undefined && tree.size > 0 && (await treeRoot(files, { size: tree.size, hasher })) === tree.rootHash;
    if (isByTree || (await haveRanges(files, segments)))
      return { files, items, end, isWhole: false, isRotated: true, isByTree };
  }
  return null;
}

async function haveRanges(files: readonly Walked[], segments: Predicate['segments']): Promise<boolean> {
  const ranges = segments.map(({ byteOffset, sizeBytes }) => ({ from: byteOffset, to: byteOffset + sizeBytes }));
  const digests = await createRangeDigests(ranges);
  for (const { plain } of files) for await (const chunk of plain.open()) digests.push(chunk);
  const found = digests.end();
  return segments.every(({ digest }, index) => found.get(keyOf(ranges[index] ?? { from: 0, to: 0 })) === digest.sha256);
}

function isIn({ walk }: Item, { byteOffset, sizeBytes, digest }: Predicate['segments'][number]): boolean {
  return walk?.rangeDigests.get(keyOf({ from: byteOffset, to: byteOffset + sizeBytes })) === digest.sha256;
}

function bytesRow(
  { segments, recordRange }: Predicate,
  { items, end, isWhole, isRotated, isByTree, files }: Covered,
): Row {
  const row = { step: 'covered-bytes', status: 'passed' } as const;
  const [item] = items;
  const file = item?.source.name ?? '';
  if (isRotated)
    return {
      ...row,
      reason: { code: 'rotated-here', files: namesOf(items), records: recordRange.count, isByTree: isByTree ?? false },
    };
  if (items.length > 1)
    return { ...row, reason: { code: 'segments-here', files: namesOf(items), segments: segments.length } };
  if (isWhole)
    return {
      ...row,
      reason: { code: 'whole-here', file, segments: segments.length, sha256: files[0]?.walk.sha256 ?? '' },
    };
  return {
    ...row,
    reason: { code: 'beginning-here', file, sizeBytes: end, moreBytes: (files[0]?.walk.sizeBytes ?? 0) - end },
  };
}

async function contentRows(predicate: Predicate, { files, end, isByTree }: Covered, { hasher }: Tools): Promise<Row[]> {
  const { hashes, recordRange, tree, format, verdict, problems } = predicate;
  const [file] = files;
  if (!file || (!isByTree && !isCutAt(files, end)))
    return [{ step: 'covered-part', status: 'skipped', reason: { code: 'cut-in-a-line', atByte: end } }];
  const joined =
    (isByTree && (await joinFirst(files, { count: tree?.size ?? 0, hasher }))) ||
    (await joinWalk(files, { hasher, to: end }));
  const rows: Row[] = [
    compared('records', recordRange.count, joined.records),
    compared('last-hash', hashes.last, joined.head),
    verdictRow({ verdict, counts: problems.counts }, joined),
  ];
  if (tree) {
    const root = await treeRoot(files, { size: tree.size, hasher });
    rows.push(compared('tree-root', tree.rootHash, root, { records: tree.size }));
  }
  if (format !== file.walk.format) rows.push(compared('format', format, file.walk.format));
  return rows;
}

/** None of the logs is what it speaks of: some of its segments may be here, or an excerpt of it, or a log that was changed. */
function compareOther(statement: Statement, predicate: Predicate, logs: readonly Item[]): Compared {
  const row = { step: 'covered-bytes' } as const;
  const { segments, format } = predicate;
  const named = logs.find((item) =>
    digestsOf(item).some((digest) => statement.subject.some((subject) => subject.digest.sha256 === digest)),
  );
  const found = segments.map((segment) =>
    logs.find((item) => item.walk?.sha256 === segment.digest.sha256 || isIn(item, segment)),
  );
  const here = [...new Set(found.filter((item) => item !== undefined))];
  const missing = segments.filter((_, index) => !found[index]);
  const same = segments.length - missing.length;
  const isPart = here.every((item) => segments.some(({ digest }) => digest.sha256 === item.walk?.sha256));
  if (here.length > 0 && isPart)
    return {
      rows: [
        {
          ...row,
          status: 'passed',
          reason: { code: 'some-segments-here', files: namesOf(here), here: same, segments: segments.length },
        },
      ],
      logs: here,
      isAbout: true,
      chain: null,
    };
  if (named)
    return {
      rows: [{ ...row, status: 'passed', reason: { code: 'subject-here', file: named.source.name } }],
      logs: [named],
      isAbout: true,
      chain: null,
    };
  const candidates = here.length > 0 ? here : logs.filter(({ walk }) => walk?.format === format);
  if (candidates.length === 0)
    return {
      rows: [{ ...row, status: 'skipped', reason: { code: 'chain-not-here', chain: predicate.chain.name } }],
      logs: [],
      isAbout: false,
      chain: null,
    };
  const given = candidates.map(({ source, walk }) => ({ file: source.name, sha256: walk?.sha256 ?? null }));
  const reason = {
    code: 'other-bytes',
    given,
    segments: segments.length,
    same,
    changedFromByte: missing[0]?.byteOffset ?? 0,
    stated: segments[0]?.digest.sha256 ?? null,
  } as const;
  return { rows: [{ ...row, status: 'failed', reason }], logs: candidates, isAbout: false, chain: null };
}

/** Logs whose walk is there to be compared. */
export function walkedLogs(items: readonly Item[]): Item[] {
  return items.filter((item) => isLog(item) && item.walk !== null);
}
