import 'server-only';
import type { Selectable } from 'kysely';
import type { Context } from '../context';
import { bodyOf } from '../core/activity-body';
import { splitLines } from '../core/bytes/lines';
import { formatById } from '../core/formats';
import { OWN_CHAIN } from '../core/own-chain';
import type { ActivityLinesTable } from '../db/activity-tables';
import { segmentsOf } from '../db/chains';
import type { AuditLogTable } from '../db/audit-table';
import { tailBytes } from '../db/tail-bytes';
import { compareAtMost, compareRow } from './compare';
import type { Reporter } from './drift';
import { isGone } from './gone';

type Row = Selectable<ActivityLinesTable>;

const PAGE = 1_000;
/** The line that says where the chain begins is of no row. */
const BEGIN = '00000000-0000-0000-0000-000000000000';

/**
 * The actions on record against the lines of the chain: as evidence has them, and those that are not carried there yet as the chain goes on from it. Rows that were
 * altered, put in or taken out are told, and so is a line that was before it was carried.
 */
export async function examineActivity(ctx: Context, report: Reporter): Promise<void> {
  // Before the evidence: what is carried meanwhile is in neither.
  const { carried_seq: noted } = await ctx.db
    .selectFrom('activity_carry')
    .select('carried_seq')
    .executeTakeFirstOrThrow();
  const carried = evidenceLines(ctx);
  let prev = formatById(OWN_CHAIN.format).genesis;
  let inEvidence = 0;
  for (let after = 0; ; ) {
    const rows = await ctx.db
      .selectFrom('activity_lines')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute();
    const audited = await auditRows(ctx, rows);
    for (const row of rows) {
      const seq = row.seq ?? 0;
      if (seq !== after + 1) missing(report, 'activity_lines', `line ${after + 1}`);
      after = seq;
      const { value: line } = await carried.next();
      if (line !== undefined) inEvidence = seq;
      const text = line ?? row.line;
      prev = examineLine(ctx, report, { row, text, prev });
      if (row.audit_id !== BEGIN) examineRow(report, row, audited.get(row.audit_id), bodyIn(text));
    }
    if (rows.length < PAGE) break;
  }
  for await (const _ of carried) missing(report, 'activity_lines', `line ${(inEvidence += 1)} of the evidence`);
  const place = { chain: OWN_CHAIN.name, table: 'activity_carry', row: 'the only one' };
  compareAtMost(report, place, 'carried_seq', noted, inEvidence);
  await examineUnchained(ctx, report);
}

/** Its text and hash. Gives what the next line must follow. */
function examineLine(
  { hasher }: Context,
  report: Reporter,
  { row, text, prev }: { row: Row; text: string | null; prev: string },
): string {
  const body = bodyIn(text);
  const hash = hasher.sha256(Buffer.from(`{"body":${body},"prev":"${prev}","seq":${row.seq}}`));
  const line = `{"body":${body},"hash":"${hash}","prev":"${prev}","seq":${row.seq}}`;
  const place = { chain: OWN_CHAIN.name, table: 'activity_lines', row: row.audit_id };
  compareRow(report, place, { body: null, hash, line: row.line === null && text !== null ? null : line }, row);
  return row.hash ?? hash;
}

/** What is between the beginning of a line and its hash. */
function bodyIn(text: string | null): string {
  return /^\{"body":(.*),"hash":"[0-9a-f]{64}","prev":"[0-9a-f]{64}","seq":[0-9]+\}$/s.exec(text ?? '')?.[1] ?? 'null';
}

function examineRow(report: Reporter, line: Row, row: Selectable<AuditLogTable> | undefined, body: string): void {
  if (!row) return missing(report, 'audit_log', line.audit_id);
  if (bodyOf(row) === body) return;
  const said = parsed(body);
  const { actor, subject } = said;
  compareRow(
    report,
    { chain: OWN_CHAIN.name, table: 'audit_log', row: row.id },
    {
      occurred_at: said['time'],
      workspace_id: said['workspaceId'],
      actor_kind: actor['kind'],
      actor_id: actor['id'],
      actor_name: actor['name'],
      actor_role: actor['role'],
      action: said['action'],
      subject_type: subject['type'],
      subject_id: subject['id'],
      details: said['details'],
    },
    row,
  );
}

type Said = Record<string, unknown> & { actor: Record<string, unknown>; subject: Record<string, unknown> };

function parsed(body: string): Said {
  const said = JSON.parse(body) as Partial<Said> | null; // an object, as the format has it, or null
  return { ...said, actor: said?.actor ?? {}, subject: said?.subject ?? {} };
}

/** Actions that are no line. */
async function examineUnchained({ db }: Context, report: Reporter): Promise<void> {
  const rows = await db
    .selectFrom('audit_log as a')
    .leftJoin('activity_lines as l', 'l.audit_id', 'a.id')
    .where('l.seq', 'is', null)
    .select('a.id')
    .limit(PAGE)
    .execute();
  for (const { id } of rows)
    report.drift({
      kind: 'row-unfounded',
      chain: OWN_CHAIN.name,
      what: `audit_log ${id}`,
      expected: 'a line of the chain',
      found: 'none',
      at: { table: 'audit_log', row: id, column: '*' },
    });
}

function missing(report: Reporter, table: string, row: string): void {
  report.drift({
    kind: 'row-missing',
    chain: OWN_CHAIN.name,
    what: `${table} ${row}`,
    expected: 'a row',
    found: 'none',
    at: { table, row, column: '*' },
  });
}

async function auditRows({ db }: Context, rows: readonly Row[]): Promise<Map<string, Selectable<AuditLogTable>>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ audit_id: id }) => id);
  const found = await db.selectFrom('audit_log').selectAll().where('id', 'in', ids).execute();
  return new Map(found.map((row) => [row.id, row]));
}

/** The lines that are in evidence; none behind bytes that are gone, which are told with the objects. */
async function* evidenceLines(ctx: Context): AsyncGenerator<string, undefined, undefined> {
  const decoder = new TextDecoder();
  try {
    for await (const { bytes } of splitLines(evidenceBytes(ctx))) yield decoder.decode(bytes);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function* evidenceBytes(ctx: Context): AsyncGenerator<Buffer, void, undefined> {
  let at = 0;
  for (const { digest, byte_offset: from, size_bytes: size } of await segmentsOf(ctx.db, OWN_CHAIN.id)) {
    yield* await ctx.evidence.read(digest);
    at = from + size;
  }
  yield await tailBytes(ctx, OWN_CHAIN.id, at);
}
