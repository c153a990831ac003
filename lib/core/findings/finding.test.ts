import { describe, expect, it } from 'vitest';
import { OCSF_FINDINGS_SCHEMA, ocsfProblems } from '@/lib/testing/ocsf-check';
import { HOSTILE_TEXTS, SAMPLE_FINDING, hostileFinding } from '@/lib/testing/sample-finding';
import { sarifProblems } from '@/lib/testing/sarif-check';
import { OCSF_FINDING_VERSION, toDetectionFinding } from '../ocsf/detection-finding';
import { toIncidentFinding } from '../ocsf/incident-finding';
import { LEVELS } from '../rules/rule';
import { SARIF_HEAD, SarifRules, sarifTail, toSarifResult } from '../sarif/sarif';
import { type CaseInFull, FINDING_STATUSES, type FindingInFull, type FindingVerdict, VERDICT_IDS } from './finding';

const WRITER = { version: '0.1.0', url: 'https://sealtrail.example' };
const VERDICTS = Object.keys(VERDICT_IDS) as FindingVerdict[]; // its own keys
const BARE: FindingInFull = {
  ...SAMPLE_FINDING,
  group: {},
  measures: { kind: 'evidence' },
  recordCount: 0,
  description: '',
  runbook: '',
  falsePositives: [],
  tags: [],
  atlas: [],
  owasp: [],
  records: [],
};
const EACH = [
  BARE,
  { ...BARE, chains: [] },
  ...LEVELS.flatMap((level) => FINDING_STATUSES.map((status) => ({ ...SAMPLE_FINDING, level, status }))),
  ...VERDICTS.map((verdict) => ({ ...SAMPLE_FINDING, status: 'closed' as const, verdict })),
  ...HOSTILE_TEXTS.map(hostileFinding),
];

/** As whoever receives it reads it. */
const sent = (value: unknown) => JSON.parse(Buffer.from(JSON.stringify(value)).toString());
function logOf(findings: readonly FindingInFull[]): string {
  const rules = new SarifRules();
  const results = findings.map((finding) => JSON.stringify(toSarifResult(finding, rules, WRITER)));
  return Buffer.from(SARIF_HEAD + results.join(',') + sarifTail(rules, WRITER)).toString();
}

describe('as a Detection Finding of OCSF', () => {
  it('keeps to the schema at every level, status and verdict, of records or of none, whatever the texts', () => {
    expect(OCSF_FINDINGS_SCHEMA.version).toBe(OCSF_FINDING_VERSION);
    const problems = EACH.flatMap((one) => ocsfProblems(sent(toDetectionFinding(one, WRITER)), OCSF_FINDINGS_SCHEMA));
    expect(problems).toEqual([]);
  });

  it('says where each record lies, and what it is recomputed by', () => {
    const { evidences, unmapped, finding_info } = toDetectionFinding(SAMPLE_FINDING, WRITER);
    const [{ chainId, ordinal, segmentDigest, byteOffset, byteLength, hash, recordedAt } = fail()] =
      SAMPLE_FINDING.records;
    expect(evidences).toHaveLength(3);
    expect(evidences[0]).toEqual({
      uid: `${chainId}/0`,
      data: {
        chain: 'agent-7',
        chainId,
        ordinal,
        segmentSha256: segmentDigest,
        byteOffset,
        byteLength,
        hash,
        recordedAt,
      },
    });
    expect(evidences[2]?.data.segmentSha256).toBeNull();
    expect(unmapped).toMatchObject({ rule_sha256: SAMPLE_FINDING.ruleDigest, measures: SAMPLE_FINDING.measures });
    expect(finding_info.analytic).toMatchObject({ uid: SAMPLE_FINDING.ruleId, version: SAMPLE_FINDING.ruleDigest });
  });

  it.each([
    ['severity_id', 12],
    ['severity', 'Low'],
    ['verdict_id', 42],
    ['finding_info', {}],
    ['evidences', [{ uid: 'x' }]],
    ['class_uid', 2005],
    ['colour', 'red'],
  ])('the check sees a wrong %s', (name, value) => {
    const finding = { ...toDetectionFinding(SAMPLE_FINDING, WRITER), [name]: value };
    expect(ocsfProblems(finding, OCSF_FINDINGS_SCHEMA)).not.toEqual([]);
  });
});

describe('a case as an Incident Finding of OCSF', () => {
  const { id, title } = SAMPLE_FINDING;
  const case_: CaseInFull = {
    id,
    title,
    status: 'new',
    owner: null,
    createdBy: 'ada@example.org',
    createdAt: SAMPLE_FINDING.foundAt,
    updatedAt: SAMPLE_FINDING.foundAt,
    level: 'high',
    from: SAMPLE_FINDING.windowFrom,
    to: SAMPLE_FINDING.windowTo,
    timeline: [SAMPLE_FINDING],
    history: [{ at: SAMPLE_FINDING.foundAt, by: { name: 'ada' }, changes: {}, note: 'looked at it' }],
  };
  const bare = { ...case_, level: null, from: null, to: null, timeline: [], history: [] };
  const hostile = HOSTILE_TEXTS.map((text) => ({
    ...case_,
    title: text || 'x',
    owner: { id: 'ada', name: text || 'x' },
    timeline: [hostileFinding(text)],
    history: case_.history.map((act) => ({ ...act, note: text })),
  }));

  it('keeps to the schema at every status, with findings or none, whatever the texts', () => {
    const each = [bare, ...FINDING_STATUSES.map((status) => ({ ...case_, status })), ...hostile];
    expect(each.flatMap((one) => ocsfProblems(sent(toIncidentFinding(one, WRITER)), OCSF_FINDINGS_SCHEMA))).toEqual([]);
  });

  it('names its findings as they are exported, who has it and what was said last', () => {
    expect(toIncidentFinding({ ...case_, owner: { id: 'ada', name: 'Ada' } }, WRITER)).toMatchObject({
      assignee: { uid: 'ada', name: 'Ada' },
      comment: 'looked at it',
      finding_info_list: [{ uid: toDetectionFinding(SAMPLE_FINDING, WRITER).finding_info.uid }],
    });
  });
});

describe('as SARIF', () => {
  it('keeps to the schema at every level, status and verdict, of records or of none, whatever the texts', () => {
    expect(sarifProblems(JSON.parse(logOf(EACH)))).toEqual([]);
    expect(sarifProblems(JSON.parse(logOf([])))).toEqual([]);
  });

  it('has every record at its bytes in its chain, and the rule by its text', () => {
    const { runs } = JSON.parse(logOf([SAMPLE_FINDING]));
    const [{ locations, relatedLocations, ruleIndex, ruleId, level }] = runs[0].results;
    const [{ chainId }] = SAMPLE_FINDING.records as [FindingInFull['records'][number]]; // it has three
    expect([...locations, ...relatedLocations].map(({ physicalLocation: { region } }) => region)).toEqual(
      [0, 100, 200].map((byteOffset) => ({ byteOffset, byteLength: 99 })),
    );
    expect(locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: `api/v1/chains/${chainId}/bytes`, uriBaseId: 'SEALTRAIL' } },
      properties: { ordinal: 0, segmentSha256: 'cd'.repeat(32), hash: 'hash 0' },
    });
    expect(runs[0].originalUriBaseIds['SEALTRAIL'].uri).toBe('https://sealtrail.example/');
    expect(runs[0].tool.driver.rules[ruleIndex]).toMatchObject({
      id: ruleId,
      properties: { sha256: SAMPLE_FINDING.ruleDigest, 'security-severity': '8.0' },
    });
    expect(level).toBe('error');
  });

  it('tells of a rule once, and of another text of it as of another', () => {
    const other = { ...SAMPLE_FINDING, ruleDigest: 'ef'.repeat(32) };
    const { runs } = JSON.parse(logOf([SAMPLE_FINDING, other, { ...SAMPLE_FINDING, id: other.id }]));
    expect(runs[0].tool.driver.rules).toHaveLength(2);
    expect(runs[0].results.map(({ ruleIndex }: { ruleIndex: number }) => ruleIndex)).toEqual([0, 1, 0]);
  });

  it.each([
    ['version', '2.2.0'],
    ['runs', [{ results: [] }]],
    ['colour', 'red'],
  ])('the check sees a wrong %s', (name, value) => {
    expect(sarifProblems({ ...JSON.parse(logOf([])), [name]: value })).not.toEqual([]);
  });

  it.each([
    ['ruleIndex', -2],
    ['kind', 'failed'],
    ['message', {}],
    ['locations', [{ physicalLocation: { region: { byteOffset: 1 } } }]],
    ['relatedLocations', [{}, {}]],
    ['hostedViewerUri', 'nowhere'],
  ])('the check sees a wrong %s of a result', (name, value) => {
    const log = JSON.parse(logOf([SAMPLE_FINDING]));
    log.runs[0].results[0][name] = value;
    expect(sarifProblems(log)).not.toEqual([]);
  });
});

function fail(): never {
  throw new Error('the sample has no records');
}
