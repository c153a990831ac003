import 'server-only';
import { Readable } from 'node:stream';
import { VERSION } from '../config/version';
import type { Context } from '../context';
import type { FindingInFull as Told, Writer } from '../core/findings/finding';
import { toDetectionFinding } from '../core/ocsf/detection-finding';
import { SARIF_HEAD, SarifRules, sarifTail, toSarifResult } from '../core/sarif/sarif';
import { findingsOf } from '../detect/query/findings';
import { findingsInFull } from '../detect/query/findings-in-full';
import type { Page } from '../schemas/common';
import type { Finding, FindingInFull } from '../schemas/findings';
import type { ListQueries } from '../schemas/list-csv';

type Query = ListQueries['findings'] & { chainIds?: readonly string[] | undefined };

/** Findings listed at a time, and those of them whose records are held. */
const PAGE = 500;
const IN_FULL = 20;

export type FindingsFile = { /** Findings in it. */ rows: number; stream: Readable };

/** Every finding that matches as a Detection Finding of OCSF, one a line. */
export function findingsOcsf(ctx: Context, query: ListQueries['findings']): Promise<FindingsFile> {
  const writer = writerOf(ctx);
  return findingsFile(ctx, query, async function* (findings) {
    for await (const finding of findings) yield `${JSON.stringify(toDetectionFinding(finding, writer))}\n`;
  });
}

/** Every finding that matches as one SARIF log; of these chains alone where they are named. */
export function findingsSarif(ctx: Context, query: Query): Promise<FindingsFile> {
  return findingsFile(ctx, query, (findings) => sarifLog(findings, writerOf(ctx)));
}

/** One finding as that. */
export function findingOcsf(ctx: Context, finding: FindingInFull): Readable {
  const text = `${JSON.stringify(toDetectionFinding(finding, writerOf(ctx)))}\n`;
  return Readable.from([text], { objectMode: false });
}

/** A log of one finding. */
export function findingSarif(ctx: Context, finding: FindingInFull): Readable {
  return Readable.from(sarifLog([finding], writerOf(ctx)), { objectMode: false });
}

/** A log of some findings; the same findings are the same bytes. */
export async function* sarifLog(
  findings: AsyncIterable<Told> | Iterable<Told>,
  writer: Writer,
): AsyncGenerator<string> {
  const rules = new SarifRules();
  let separator = SARIF_HEAD;
  for await (const finding of findings) {
    yield separator + JSON.stringify(toSarifResult(finding, rules, writer));
    separator = ',\n';
  }
  yield (separator === SARIF_HEAD ? SARIF_HEAD : '') + sarifTail(rules, writer);
}

function writerOf({ env }: Context): Writer {
  return { version: VERSION, url: env.workspaceUrl };
}

/** The first page is read before anything is sent, so that what cannot be had is an answer of its own. */
async function findingsFile(
  ctx: Context,
  query: Query,
  write: (findings: AsyncIterable<FindingInFull>) => AsyncGenerator<string>,
): Promise<FindingsFile> {
  const first = await findingsOf(ctx.db, { ...query, limit: PAGE, total: 'exact' });
  const stream = Readable.from(write(everyFinding(ctx, query, first)), { objectMode: false });
  return { rows: first.total ?? first.items.length, stream };
}

async function* everyFinding(ctx: Context, query: Query, first: Page<Finding>): AsyncGenerator<FindingInFull> {
  const next = (cursor: string) => findingsOf(ctx.db, { ...query, cursor, limit: PAGE, total: 'none' });
  for (let page = first; ; page = await next(page.nextCursor)) {
    for (let at = 0; at < page.items.length; at += IN_FULL)
      yield* await findingsInFull(ctx.db, page.items.slice(at, at + IN_FULL));
    if (page.nextCursor === null) return;
  }
}
