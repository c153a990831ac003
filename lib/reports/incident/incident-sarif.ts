import { VERSION } from '../../config/version';
import type { FindingInFull } from '../../core/findings/finding';
import type { IncidentReport } from '../../schemas/incident-report';
import { sarifLog } from '../findings-files';

/** The findings of a report as a SARIF log, from what the report says of them. `publicUrl` leads to the records. */
export function incidentSarif(
  { findings, records }: IncidentReport,
  { publicUrl, version = VERSION }: { publicUrl: string; version?: string },
): AsyncGenerator<string> {
  const full = findings.map(
    (finding): FindingInFull => ({
      ...finding,
      records: records
        .filter(({ findings: of }) => of.includes(finding.id))
        .map(({ chainId, ordinal, segmentSha256, byteOffset, byteLength, hash, recordedAt }) => ({
          chainId,
          ordinal,
          segmentDigest: segmentSha256 || null,
          byteOffset,
          byteLength,
          hash,
          recordedAt,
        })),
    }),
  );
  return sarifLog(full, { version, url: publicUrl });
}
