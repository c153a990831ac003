import type { Hasher } from '../../core/chain/format';
import { formatById } from '../../core/formats';
import { verdictOf } from '../../core/chain/join';
import type { ProblemCode, ProblemCounts } from '../../core/chain/problem';
import type { AuditChainSegment } from '../../core/statements/predicates/audit-chain-segment';
import type { Statement } from '../../core/statements/statement';
import type { Item } from '../item';
import { digestsOf, isLog } from '../item';
import type { Row } from '../outcome';
import { type Joined, type Walked, isCutAt, joinWalk } from '../walk/join-walk';
import { treeRoot } from '../walk/tree-head';
import { type ByteRange, keyOf } from '../walk/walk-log';
import { excerptOf, excerptRows } from './compare-excerpt';
import { compared, figure, many } from './words';

/** What only somebody who saw the log earlier, or what lies beside it, can know. */
const SEEN_ELSEWHERE: ReadonlySet<ProblemCode> = new Set(['history-rewritten', 'shorter-than-witnessed', 'bad-signature', 'session-mismatch', 'merkle-mismatch', 'ledger-mismatch', 'unreadable-evidence', 'unsigned-record']);

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
type Covered = { files: Walked[]; items: Item[]; end: number; isWhole: boolean };

/** The ranges of a log whose digests a statement states. */
export function rangesOf({ segments }: Predicate): ByteRange[] {
  return segments.map(({ byteOffset, sizeBytes }) => ({ from: byteOffset, to: byteOffset + sizeBytes }));
}

/** Holds what a statement on a chain says against the logs that are here. */
export async function compareSegment(statement: Statement, predicate: Predicate, logs: readonly Item[], tools: Tools): Promise<Compared> {
  const excerpt = excerptOf(statement, predicate, logs);
  const covered = coveredBy(predicate, logs);
  if (excerpt) {
    const items = [excerpt.item, ...(covered?.items ?? [])];
    return { rows: [...(covered ? [bytesRow(predicate, covered)] : []), ...(await excerptRows(excerpt, predicate, tools.hasher))], logs: items, isAbout: true, chain: null, noChain: excerpt.isContiguous ? null : excerpt.item };
  }
  if (!covered) return compareOther(statement, predicate, logs);
  const rows = [bytesRow(predicate, covered)];
  const isChain = (predicate.scope === undefined || predicate.scope.kind === 'chain') && predicate.segments[0]?.byteOffset === 0;
  if (isChain) rows.push(...(await contentRows(predicate, covered, tools)));
  else rows.push({ outcome: 'unchecked', title: 'Verdict on the part it covers', detail: `It covers ${many(predicate.recordRange.count, 'record')} of these, which are not judged by themselves here: add the excerpt of them. The log as a whole is judged below.` });
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

function isIn({ walk }: Item, { byteOffset, sizeBytes, digest }: Predicate['segments'][number]): boolean {
  return walk?.rangeDigests.get(keyOf({ from: byteOffset, to: byteOffset + sizeBytes })) === digest.sha256;
}

function bytesRow({ segments }: Predicate, { items, end, isWhole, files }: Covered): Row {
  const title = 'These are the bytes it speaks of';
  const [item] = items;
  if (items.length > 1) return { outcome: 'holds', title, detail: `All ${figure(segments.length)} segments are here, each with the SHA-256 it states: ${items.map(({ source }) => source.name).join(', ')}.` };
  if (isWhole) return { outcome: 'holds', title, detail: `${item?.source.name ?? ''} has, whole and in each of its ${many(segments.length, 'segment')}, the SHA-256 it states: ${files[0]?.walk.sha256 ?? ''}.` };
  const more = (files[0]?.walk.sizeBytes ?? 0) - end;
  return { outcome: 'holds', title, detail: `The first ${figure(end)} bytes of ${item?.source.name ?? ''} have the SHA-256 it states; ${many(more, 'byte')} more were written since and are not covered.` };
}

async function contentRows(predicate: Predicate, { files, end }: Covered, { hasher }: Tools): Promise<Row[]> {
  const { hashes, recordRange, tree, format } = predicate;
  const [file] = files;
  if (!file || (files.length === 1 && !isCutAt(file.walk, end))) return [{ outcome: 'unchecked', title: 'Verdict on the part it covers', detail: `It ends at byte ${figure(end)}, within a line, so what follows cannot be told apart from it.` }];
  const joined = await joinWalk(files, { hasher, to: end });
  const rows: Row[] = [compared('Records', recordRange.count, joined.records), compared('Hash of the last record', hashes.last, joined.head), verdictRow(predicate, joined)];
  if (tree) {
    const root = await treeRoot(files, { size: tree.size, format: formatById(file.walk.format), hasher });
    rows.push(compared(`Root of the Merkle tree over ${many(tree.size, 'record')}`, tree.rootHash, root));
  }
  if (format !== file.walk.format) rows.push(compared('Format', format, file.walk.format));
  return rows;
}

function verdictRow({ verdict, problems: { counts } }: Predicate, joined: Joined): Row {
  const title = 'Verdict';
  const here = `walked again here, it is ${joined.verdict}`;
  if (verdict === joined.verdict) return { outcome: 'holds', title, detail: `It states ${verdict}; ${here}.` };
  const own = verdictOf(without(counts, SEEN_ELSEWHERE));
  const others = Object.keys(counts).filter((code) => SEEN_ELSEWHERE.has(code as ProblemCode)); // any key will do to look for
  if (others.length > 0 && own === verdictOf(without(joined.problemCounts, SEEN_ELSEWHERE))) {
    return { outcome: 'unchecked', title, detail: `It states ${verdict} because of what was seen before or beside the log (${others.join(', ')}), which the log alone cannot show; ${here}, as it states otherwise.` };
  }
  return { outcome: 'fails', title, detail: `It states ${verdict}; ${here}.` };
}

function without(counts: ProblemCounts, codes: ReadonlySet<ProblemCode>): ProblemCounts {
  return Object.fromEntries(Object.entries(counts).filter(([code]) => !codes.has(code as ProblemCode))); // any key will do to look for
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
