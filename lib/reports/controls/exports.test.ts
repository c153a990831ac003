import { readFileSync } from 'node:fs';
import path from 'node:path';
import { v5 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { OCSF_FINDINGS_SCHEMA, ocsfProblems } from '@/lib/testing/ocsf-check';
import { oscalProblems } from '@/lib/testing/oscal-check';
import {
  type ControlEvidence,
  type ControlFigure,
  FrameworkId,
  NO_DETERMINATION,
  STRENGTHS,
  Strength,
} from '../../schemas/controls';
import { controlId, toAssessmentResults } from './assessment-results';
import { toComplianceFindings } from './compliance-finding';
import { FIGURES } from './figures';
import { parseFramework } from './parse-framework';

const WRITER = { version: '0.1.0', url: 'https://sealtrail.example' };
const PERIOD = { from: '2026-07-01T00:00:00Z', to: '2026-10-01T00:00:00Z' };
const HERE = import.meta.dirname;

/** A framework as its file has it, with every figure, whatever it counts. */
function evidenceOf(id: FrameworkId, value: ControlFigure['value'], label = 'a part'): ControlEvidence {
  const { controls, ...framework } = parseFramework(
    readFileSync(path.join(HERE, 'frameworks', `${id}.yml`), 'utf8'),
    `${id}.yml`,
  );
  const named = new Set(controls.flatMap(({ figures }) => figures));
  return {
    statement: NO_DETERMINATION,
    framework,
    period: PERIOD,
    generatedAt: '2026-10-02T03:04:05.678Z',
    strengths: Strength.options.map((strength) => ({ id: strength, ...STRENGTHS[strength] })),
    figures: [...named].map((figure) => {
      const { read: _, ...declared } = FIGURES[figure];
      const href = '/events?q=tool%3A%22a+b%22&from=2026-07-01T00%3A00%3A00Z';
      return {
        id: figure,
        ...declared,
        value,
        total: value === null ? null : 7,
        href,
        parts: [{ label, unit: 'records', value, href }],
      };
    }),
    controls: controls.map((control) => ({
      ...control,
      strength: control.figures.length === 0 ? 'not-evidenced' : 'kept',
    })),
  };
}
const EACH = FrameworkId.options.flatMap((id) => [
  evidenceOf(id, 5),
  evidenceOf(id, null),
  evidenceOf(id, '2026-07-01T00:00:00Z'),
]);
/** As whoever receives it reads it. */
const sent = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('as assessment results of OSCAL', () => {
  it('keeps to the published schema, of every framework and whatever the values are', () => {
    expect(EACH.flatMap((one) => oscalProblems(sent(toAssessmentResults(one, WRITER))))).toEqual([]);
  });

  it('what would break it is seen', () => {
    const document = sent(toAssessmentResults(evidenceOf('soc-2', 5), WRITER));
    document['assessment-results'].results[0].observations[0].props[0].value = '';
    delete document['assessment-results']['import-ap'];
    expect(oscalProblems(document)).toHaveLength(2);
  });

  it('names every control and every figure once, and says of none that it is satisfied', () => {
    for (const id of FrameworkId.options) {
      const evidence = evidenceOf(id, 5);
      const [result] = toAssessmentResults(evidence, WRITER)['assessment-results'].results;
      const selected = result?.['reviewed-controls']['control-selections'][0]?.['include-controls'] ?? [];
      expect(new Set(selected.map((one) => one['control-id'])).size).toBe(evidence.controls.length);
      expect(result?.observations).toHaveLength(evidence.controls.length + evidence.figures.length);
      expect(Object.keys(result ?? {})).not.toContain('findings');
      expect(/"(not-)?satisfied"/.test(JSON.stringify(result))).toBe(false);
    }
  });

  it('each control leads to the observations of its figures', () => {
    const evidence = evidenceOf('nist-800-53', 5);
    const [result] = toAssessmentResults(evidence, WRITER)['assessment-results'].results;
    const observations = result?.observations ?? [];
    const uuids = new Set(observations.map(({ uuid }) => uuid));
    expect(uuids.size).toBe(observations.length);
    const propsOf = (at: number, name: string) =>
      observations[at]?.props.flatMap((prop) => (prop.name === name ? [prop.value] : [])) ?? [];
    for (const [at, control] of evidence.controls.entries()) {
      expect(propsOf(at, 'control-id')).toEqual([control.id.toLowerCase()]);
      expect(propsOf(at, 'figure')).toEqual(control.figures);
      for (const uuid of propsOf(at, 'figure-observation')) expect(uuids).toContain(uuid);
    }
  });

  it('the same evidence is the same document; other evidence, another period and another installation are others', () => {
    const [one] = EACH;
    if (!one) throw new Error('there is one');
    const uuid = (evidence: ControlEvidence, writer = WRITER) =>
      toAssessmentResults(evidence, writer)['assessment-results'].uuid;
    expect(JSON.stringify(toAssessmentResults(one, WRITER))).toBe(
      JSON.stringify(toAssessmentResults(structuredClone(one), WRITER)),
    );
    const others = [
      uuid(one),
      uuid(evidenceOf('eu-ai-act', 6)),
      uuid({ ...one, period: { ...PERIOD, to: '2026-10-02T00:00:00Z' } }),
      uuid(one, { ...WRITER, url: 'https://other.example' }),
    ];
    expect(new Set(others).size).toBe(others.length);
    // Of the same thing the id stays, whatever is counted.
    const ids = (evidence: ControlEvidence) =>
      toAssessmentResults(evidence, WRITER)['assessment-results'].results[0]?.observations.map(
        (observation) => observation.uuid,
      );
    expect(ids(evidenceOf('eu-ai-act', 6))).toEqual(ids(one));
    expect(v5('https://sealtrail.dev/ns/oscal', v5.URL)).toBe('1835a0ec-8f2a-5d74-900a-506aba044152');
  });

  it('writes texts so that Markdown shows them as they are, on one line', () => {
    const [result] = toAssessmentResults(evidenceOf('soc-2', 5, '*a*\n[b](javascript:alert(1)) <b> `c`'), WRITER)[
      'assessment-results'
    ].results;
    const last = result?.observations.at(-1)?.['relevant-evidence']?.at(-1);
    expect(last?.description).toBe(String.raw`\*a\* \[b\](javascript:alert(1)) \<b\> \`c\``);
  });

  it.each([
    ['AU-2', 'au-2'],
    ['Article 12(2)(a)', 'article-12-2-a'],
    ['10.2', 'req-10.2'],
    ['MI-21, audit trail', 'mi-21-audit-trail'],
    ['A.8.15', 'a.8.15'],
    ['5.2.1 (draft)', 'req-5.2.1-draft'],
  ])('%s is %s there', (id, token) => {
    expect(controlId(id)).toBe(token);
  });
});

describe('as Compliance Findings of OCSF', () => {
  it('keep to the schema, of every framework and whatever the values are', () => {
    const findings = EACH.flatMap((one) => toComplianceFindings(one, WRITER));
    expect(findings.length).toBeGreaterThan(100);
    expect(findings.flatMap((finding) => ocsfProblems(sent(finding), OCSF_FINDINGS_SCHEMA))).toEqual([]);
  });

  it('are one a control, determine nothing, and carry each figure with where its rows are', () => {
    const evidence = evidenceOf('pci-dss', 5);
    const findings = toComplianceFindings(evidence, WRITER);
    expect(findings.map(({ compliance }) => compliance.control)).toEqual(evidence.controls.map(({ id }) => id));
    expect(new Set(findings.map(({ metadata }) => metadata.uid)).size).toBe(findings.length);
    for (const [at, { compliance, evidences }] of findings.entries()) {
      expect(compliance).toMatchObject({ status_id: 99, status: 'Not determined' });
      expect(compliance.status_details[0]).toBe(NO_DETERMINATION);
      expect(evidences?.map(({ uid }) => uid) ?? []).toEqual(evidence.controls[at]?.figures);
      for (const { data } of evidences ?? []) {
        expect(data).toMatchObject({ value: 5, total: 7 });
        expect(data.rows_at).toMatch(/^https:\/\/sealtrail\.example\//);
      }
    }
  });
});
