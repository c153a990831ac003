import type { Hasher } from '../../core/chain/format';
import type { AuditChainSegment } from '../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../core/statements/statement';
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
import { compared, figure, many } from './words';

export type Compared = {
  rows: Row[];
  /** The logs the statement was held against. */
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
type Covered = { files: Walked[]; items: Item[]; end: number; isWhole: boolean; /** The files of a rotated log. */ isRotated?: boolean; /** Told by the root of the tree over their records. */ isByTree?: boolean };

/** The ranges of a log whose digests a statement states. */
export function rangesOf({ segments }: Predicate): ByteRange[] {
  return segments.map(({ byteOffset, sizeBytes }) => ({ from: byteOffset, to: byteOffset + sizeBytes }));
}

/** Holds what a statement on a chain says against the logs that are here. */
export async function compareSegment(statement: Statement, predicate: Predicate, logs: readonly Item[], tools: Tools): Promise<Compared> {
  const excerpt = excerptOf(statement, predicate, logs);
  const covered = coveredBy(predicate, logs) ?? (await rotatedWith(predicate, logs, tools));
  if (excerpt) {
    const items = [excerpt.item, ...(covered?.items ?? [])];
    return { rows: [...(covered ? [bytesRow(predicate, covered)] : []), ...(await excerptRows(excerpt, predicate, tools.hasher))], logs: items, isAbout: true, chain: null, noChain: excerpt.isContiguous ? null : excerpt.item };
  }
  if (!covered) return compareOther(statement, predicate, logs);
  const rows = [bytesRow(predicate, covered)];
  const isChain = (predicate.scope === undefined || predicate.scope.kind === 'chain') && predicate.segments[0]?.byteOffset === 0;
  if (isChain) rows.push(...(await contentRows(predicate, covered, tools)));
  else rows.push({ outcome: 'unchecked', title: 'Verdict on the part it covers', detail: `It covers ${many(predicate.recordRange.count, 'record')} of these, which are not judged by themselves here: add the excerpt of them. The log as a whole is judged below.` });
  if (predicate.rules.length > 0) rows.push(rulesRow(`it tells of ${many(predicate.findings.length, 'finding')} of ${many(predicate.rules.length, 'rule')}`));
  return { rows, logs: covered.items, isAbout: true, chain: covered.items.length > 1 ? covered.items : null };
}

/** The bytes it speaks of: in one log, or in as many files as it names segments. */
function coveredBy({ segments }: Predicate, logs: readonly Item[]): Covered | null {
  const end = segments.reduce((most, { byteOffset, sizeBytes }) => Math.max(most, byteOffset + sizeBytes), 0);
  for (const item of logs) {
    if (item.plain && item.walk && segments.every((segment) => isIn(item, segment))) return { files: [{ plain: item.plain, walk: item.walk }], items: [item], end, isWhole: item.walk.sizeBytes === end };
  }
  const pieces = segments.map(({ digest }) => logs.find(({ walk }) => walk?.sha256 === digest.sha256));
  const files = pieces.flatMap((item) => (item?.plain && item.walk ? [{ plain: item.plain, walk: item.walk }] : []));
  return files.length === segments.length ? { files, items: pieces.filter((item) => item !== undefined), end: end - (segments[0]?.byteOffset ?? 0), isWhole: true } : null;
}

/** The files rotation made of one log, when they, one after another, begin with what it speaks of: how it was cut into segments says nothing of files. */
async function rotatedWith({ tree, segments }: Predicate, logs: readonly Item[], { hasher }: Tools): Promise<Covered | null> {
  const end = segments.reduce((most, { byteOffset, sizeBytes }) => Math.max(most, byteOffset + sizeBytes), 0);
  for (const items of rotatedChains(logs).filter(({ length }) => length > 1)) {
    const files = filesOf(items);
    const isByTree = tree !== undefined && tree.size > 0 && (await treeRoot(files, { size: tree.size, hasher })) === tree.rootHash;
    if (isByTree || (await haveRanges(files, segments))) return { files, items, end, isWhole: false, isRotated: true, isByTree };
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

function bytesRow({ segments, recordRange }: Predicate, { items, end, isWhole, isRotated, isByTree, files }: Covered): Row {
  const title = 'These are the bytes it speaks of';
  const [item] = items;
  if (isRotated) return { outcome: 'holds', title, detail: `${namesOf(items)}, one after another, begin with the ${many(recordRange.count, 'record')} it speaks of: ${isByTree ? 'they lead to the root it states' : 'the bytes have the SHA-256 it states for each segment'}.` };
  if (items.length > 1) return { outcome: 'holds', title, detail: `All ${figure(segments.length)} segments are here, each with the SHA-256 it states: ${items.map(({ source }) => source.name).join(', ')}.` };
  if (isWhole) return { outcome: 'holds', title, detail: `${item?.source.name ?? ''} has, whole and in each of its ${many(segments.length, 'segment')}, the SHA-256 it states: ${files[0]?.walk.sha256 ?? ''}.` };
  const more = (files[0]?.walk.sizeBytes ?? 0) - end;
  return { outcome: 'holds', title, detail: `The first ${figure(end)} bytes of ${item?.source.name ?? ''} have the SHA-256 it states; ${many(more, 'byte')} more were written since and are not covered.` };
}

async function contentRows(predicate: Predicate, { files, end, isByTree }: Covered, { hasher }: Tools): Promise<Row[]> {
  const { hashes, recordRange, tree, format, verdict, problems } = predicate;
  const [file] = files;
  if (!file || (!isByTree && !isCutAt(files, end))) return [{ outcome: 'unchecked', title: 'Verdict on the part it covers', detail: `It ends at byte ${figure(end)}, within a line, so what follows cannot be told apart from it.` }];
  const joined = (isByTree && (await joinFirst(files, { count: tree?.size ?? 0, hasher }))) || (await joinWalk(files, { hasher, to: end }));
  const rows: Row[] = [compared('Records', recordRange.count, joined.records), compared('Hash of the last record', hashes.last, joined.head), verdictRow({ verdict, counts: problems.counts }, joined)];
  if (tree) {
    const root = await treeRoot(files, { size: tree.size, hasher });
    rows.push(compared(`Root of the Merkle tree over ${many(tree.size, 'record')}`, tree.rootHash, root));
  }
  if (format !== file.walk.format) rows.push(compared('Format', format, file.walk.format));
  return rows;
}

/** None of the logs is what it speaks of: some of its segments may be here, or an excerpt of it, or a log that was changed. */
function compareOther(statement: Statement, predicate: Predicate, logs: readonly Item[]): Compared {
  const title = 'These are the bytes it speaks of';
  const { segments, format } = predicate;
  const named = logs.find((item) => digestsOf(item).some((digest) => statement.subject.some((subject) => subject.digest.sha256 === digest)));
  const found = segments.map((segment) => logs.find((item) => item.walk?.sha256 === segment.digest.sha256 || isIn(item, segment)));
  const here = [...new Set(found.filter((item) => item !== undefined))];
  const missing = segments.filter((_, index) => !found[index]);
  const isPart = here.every((item) => segments.some(({ digest }) => digest.sha256 === item.walk?.sha256));
  if (here.length > 0 && isPart) return { rows: [{ outcome: 'holds', title, detail: `${here.map(({ source }) => source.name).join(', ')}: ${figure(segments.length - missing.length)} of the ${many(segments.length, 'segment')} it speaks of. The others are not here, so the chain as a whole is not compared.` }], logs: here, isAbout: true, chain: null };
  if (named) return { rows: [{ outcome: 'holds', title, detail: `${named.source.name} is one of its subjects.` }], logs: [named], isAbout: true, chain: null };
  const candidates = here.length > 0 ? here : logs.filter(({ walk }) => walk?.format === format);
  if (candidates.length === 0) return { rows: [{ outcome: 'unchecked', title, detail: `The log is not here. Drop the log "${predicate.chain.name}" or the segments it speaks of.` }], logs: [], isAbout: false, chain: null };
  const others = candidates.map(({ source, walk }) => `${source.name} has SHA-256 ${walk?.sha256 ?? 'unknown'}`).join(', ');
  const same = segments.length - missing.length;
  const which = segments.length > 1 ? ` ${same === 0 ? 'None' : figure(same)} of its ${figure(segments.length)} segments ${same === 1 ? 'is' : 'are'} the same; changed from byte ${figure(missing[0]?.byteOffset ?? 0)} on.` : ` Stated is ${segments[0]?.digest.sha256 ?? ''}.`;
  return { rows: [{ outcome: 'fails', title, detail: `It speaks of others: ${others}.${which}` }], logs: candidates, isAbout: false, chain: null };
}

/** Logs whose walk is there to be compared. */
export function walkedLogs(items: readonly Item[]): Item[] {
  return items.filter((item) => isLog(item) && item.walk !== null);
}
