import type { Decision } from '../core/event/fields';
import { briefInstant } from '../lake/time';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { counted, csvStream } from '../reports/csv-stream';
import { EVIDENCE_COLUMNS, evidenceRows } from '../reports/incident/incident-csv';
import { incidentSarif } from '../reports/incident/incident-sarif';
import { incidentJson, incidentPdf } from '../reports/incident/incident-pdf';
import { type IncidentRecord, IncidentReport } from '../schemas/incident-report';
import { derivedKind } from './derived';
import type { DerivedRecord } from './records';

/** The records that it lists are read again, and each rule's text is held against its SHA-256. */
export const incident = derivedKind(IncidentReport, async (kept, { records, bom, publicUrl, version }) => {
  const report = derivedIncident(kept, await listedRecords(records, kept));
  return {
    json: incidentJson(report),
    pdf: (env) => incidentPdf({ env }, report),
    files: {
      'findings.sarif': () => Readable.from(incidentSarif(report, { publicUrl, version }), { objectMode: false }),
      'evidence.csv': (onRow) => csvStream(counted(evidenceRows(report), onRow), EVIDENCE_COLUMNS, { bom }),
    },
    differs: kept.findings.flatMap(({ ruleId, ruleDigest, ruleYaml }) => {
      const found = createHash('sha256').update(ruleYaml).digest('hex');
      return found === ruleDigest
        ? []
        : [{ expected: `the text of rule ${ruleId}, SHA-256 ${ruleDigest}`, found: `SHA-256 ${found}` }];
    }),
  };
});

const keyOf = (chainId: string, ordinal: number) => `${chainId} ${ordinal}`;

/** The records that a report lists, as the bytes of their segments say them; one that is in none of these is left out. */
async function listedRecords(
  records: AsyncIterable<DerivedRecord>,
  kept: Pick<IncidentReport, 'records'>,
): Promise<Map<string, DerivedRecord>> {
  const wanted = new Set(kept.records.map(({ chainId, ordinal }) => keyOf(chainId, ordinal)));
  const found = new Map<string, DerivedRecord>();
  for await (const record of records) {
    const key = keyOf(record.chain_id, record.ordinal);
    if (wanted.has(key)) found.set(key, record);
  }
  return found;
}

/** What records say, in place of what was kept; what rules found, and what people did and wrote, is as it was kept. */
function derivedIncident(kept: IncidentReport, found: ReadonlyMap<string, DerivedRecord>): IncidentReport {
  const records = kept.records.flatMap((one) => {
    const record = found.get(keyOf(one.chainId, one.ordinal));
    return record ? [{ ...one, ...said(record) }] : [];
  });
  return {
    ...kept,
    totals: {
      ...kept.totals,
      records: records.length,
      chains: new Set(records.map(({ chainId }) => chainId)).size,
    },
    records,
  };
}

function said(record: DerivedRecord): Omit<IncidentRecord, 'findings' | 'proof'> {
  const text = (name: string) => String(record[name] ?? '');
  return {
    chainId: record.chain_id,
    chain: text('chain'),
    ordinal: record.ordinal,
    recordedAt: briefInstant(record.recorded_at),
    agent: text('agent'),
    sessionId: text('session_id'),
    tool: text('tool'),
    target: text('target'),
    decision: text('decision') as Decision, // a column of decisions
    reason: text('reason'),
    segmentSha256: text('segment_sha256'),
    byteOffset: Number(record['byte_offset']),
    byteLength: Number(record['byte_length']),
    hash: text('hash'),
  };
}
