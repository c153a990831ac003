import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import { findingsInFull } from '../../detect/query/findings-in-full';
import { withChains } from '../../detect/query/findings';
import { type Evidenced, evidencedAt } from '../../lake/query/page';
import type { CaseDetail } from '../../schemas/cases';
import type { Period } from '../../schemas/common';
import type { Finding, FindingInFull, FindingRecord } from '../../schemas/findings';
import type { IncidentRecord, IncidentReport } from '../../schemas/incident-report';
import { MOST_REPORTED } from '../../schemas/most-reported';
import type { IncidentSubject } from '../../schemas/report-definitions';
import { getCase } from '../../triage/cases/cases';
import { isFleetFinding } from '../../db/of-fleet';

/** Records of one report. */
const MOST_RECORDS = 20_000;
/** Findings whose records are held, and records asked for, together. */
const IN_FULL = 20;
const AT_ONCE = 2_000;

type Subject = { subject: IncidentSubject; workspaceId: string };
type Incident = { one: CaseDetail | null; findings: Finding[] };

/**
 * The findings a report is of, in the order of their windows, and the case they are of.
 * @throws AppError NOT_FOUND for a case or a finding that is not there; TOO_LARGE for more than 200 findings; CONFLICT for none.
 */
async function readSubject(ctx: Context, { subject, workspaceId }: Subject): Promise<Incident> {
  if ('caseId' in subject) {
    const one = await getCase(ctx, { caseId: subject.caseId, workspaceId });
    return { one, findings: bounded(one.timeline.filter(({ supersededAt }) => supersededAt === null)) };
  }
  const rows = await ctx.db
    .selectFrom('findings')
    .selectAll()
    .where('id', 'in', [...subject.findingIds])
    .where(isFleetFinding('findings.id'))
    .orderBy('window_from')
    .orderBy('id')
    .execute();
  const missing = subject.findingIds.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined)
    throw new AppError('NOT_FOUND', `no finding has the id ${missing}`, { findingId: missing });
  return { one: null, findings: bounded(await withChains(ctx.db, rows)) };
}

function bounded(findings: Finding[]): Finding[] {
  if (findings.length === 0) throw new AppError('CONFLICT', 'the case has no findings to report of');
  if (findings.length > MOST_REPORTED)
    throw new AppError('TOO_LARGE', `an incident report is of at most ${MOST_REPORTED} findings`, {
      limit: MOST_REPORTED,
    });
  return findings;
}

/** From the first moment of the windows of its findings to the last, and the chains their records are in. @throws as `readSubject`. */
export async function boundsOfIncident(
  ctx: Context,
  subject: Subject,
): Promise<{ period: Period; chainIds: string[] }> {
  const { findings } = await readSubject(ctx, subject);
  const times = findings.flatMap(({ windowFrom, windowTo }) => [Date.parse(windowFrom), Date.parse(windowTo)]);
  return {
    // Half-open, and the window's last record is in.
    period: {
      from: new Date(Math.min(...times)).toISOString(),
      to: new Date(Math.max(...times) + 1).toISOString(),
    },
    chainIds: [...new Set(findings.flatMap(({ chains }) => chains.map(({ id }) => id)))].toSorted(),
  };
}

/** What happened, by whom it was found, and what was done. @throws as `readSubject`, and TOO_LARGE for more than 20,000 records. */
export async function incidentReport(
  ctx: Context,
  { subject, workspaceId, ...about }: Subject & Pick<IncidentReport, 'definition' | 'period' | 'generatedAt'>,
): Promise<IncidentReport> {
  const { one, findings } = await readSubject(ctx, { subject, workspaceId });
  const full: FindingInFull[] = [];
  for (let at = 0; at < findings.length; at += IN_FULL)
    full.push(...(await findingsInFull(ctx.db, findings.slice(at, at + IN_FULL))));
  const records = await recordsOf(ctx, full);
  const byLevel: IncidentReport['totals']['byLevel'] = {};
  for (const { level } of full) byLevel[level] = (byLevel[level] ?? 0) + 1;
  return {
    kind: 'incident',
    ...about,
    case: one && {
      id: one.id,
      title: one.title,
      status: one.status,
      owner: one.owner?.name ?? null,
      createdBy: one.createdBy,
      createdAt: one.createdAt,
      updatedAt: one.updatedAt,
    },
    totals: {
      findings: full.length,
      byLevel,
      records: records.length,
      chains: new Set(records.map(({ chainId }) => chainId)).size,
      acts: one?.history.length ?? 0,
    },
    findings: full.map(({ records: _, evidence: __, chains, ...finding }) => ({
      ...finding,
      chains: chains.map(({ id, name }) => ({ id, name })),
    })),
    history: one?.history ?? [],
    records,
  };
}

const keyOf = ({ chainId, ordinal }: { chainId: string; ordinal: number }) => `${chainId} ${ordinal}`;

/** The records that findings list, each once, as the lake has them now. */
async function recordsOf(ctx: Context, findings: readonly FindingInFull[]): Promise<IncidentRecord[]> {
  const proven = new Map<string, { place: FindingRecord; of: Set<string> }>();
  const names = new Map<string, string>();
  for (const { id, records, chains } of findings) {
    for (const chain of chains) names.set(chain.id, chain.name);
    for (const place of records) {
      const known = proven.get(keyOf(place)) ?? { place, of: new Set<string>() };
      known.of.add(id);
      proven.set(keyOf(place), known);
    }
  }
  if (proven.size > MOST_RECORDS)
    throw new AppError('TOO_LARGE', `an incident report lists at most ${MOST_RECORDS} records`, {
      limit: MOST_RECORDS,
    });
  const places = [...proven.values()].map(({ place }) => place);
  const found: Evidenced[] = [];
  for (let at = 0; at < places.length; at += AT_ONCE)
    found.push(...(await evidencedAt(ctx, places.slice(at, at + AT_ONCE))));
  return found
    .map((record) => ({
      ...record,
      chain: names.get(record.chainId) ?? '',
      proof: `/api/v1/chains/${record.chainId}/records/${record.ordinal}/proof`,
      findings: [...(proven.get(keyOf(record))?.of ?? [])].toSorted(),
    }))
    .toSorted(inTime);
}

function inTime(a: IncidentRecord, b: IncidentRecord): number {
  if (a.recordedAt !== b.recordedAt) return a.recordedAt < b.recordedAt ? -1 : 1;
  return a.chainId === b.chainId ? a.ordinal - b.ordinal : a.chainId < b.chainId ? -1 : 1;
}
