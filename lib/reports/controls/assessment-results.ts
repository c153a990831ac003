import { v5 } from 'uuid';
import type { Writer } from '../../core/findings/finding';
import { canonicalJson } from '../../core/statements/dsse';
import { type ControlEvidence, type ControlFigure, STRENGTHS } from '../../schemas/controls';

/** pages.nist.gov/OSCAL: the newest that was released. */
const OSCAL_VERSION = '1.2.3';
/** Of every UUID of ours in OSCAL: version 5 of the address of NS, below. Never changed, or the same thing would have another id. */
const NAMESPACE = '1835a0ec-8f2a-5d74-900a-506aba044152';
/** Names of properties that OSCAL does not know are ours. */
const NS = 'https://sealtrail.dev/ns/oscal';

/**
 * What answers each control of a framework, as assessment results of the Open Security Controls Assessment Language 1.2.3. Each figure is an observation, each
 * control is one with the figures it rests on. There are no findings: OSCAL's say "satisfied" or "not-satisfied", which is for whoever assesses to say. UUIDs
 * are of version 5: the same thing has the same one in every export, and the document one of its own bytes, so that the same evidence gives the same document.
 */
export function toAssessmentResults(evidence: ControlEvidence, writer: Writer) {
  const { framework, period, generatedAt, statement } = evidence;
  const ids: Ids = {
    ofInstallation: (name) => v5([writer.url, name].join('\n'), NAMESPACE),
    ofPeriod: (...names) => v5([writer.url, framework.id, period.from, period.to, ...names].join('\n'), NAMESPACE),
  };
  const plan = ids.ofInstallation('no plan');
  const body = {
    metadata: {
      title: line(`${framework.title}: ${statement}`),
      'last-modified': generatedAt,
      version: generatedAt,
      'oscal-version': OSCAL_VERSION,
      props: [
        prop('framework', framework.id),
        prop('standing', framework.standing),
        prop('known-as-of', framework.asOf),
      ],
      remarks: [statement, ...framework.notes].map(line).join('\n\n'),
    },
    'import-ap': { href: `#${plan}`, remarks: 'OSCAL asks for an assessment plan. There was none.' },
    results: [resultOf(evidence, writer, ids)],
    'back-matter': {
      resources: [
        {
          uuid: plan,
          title: 'No assessment plan',
          description: 'Stands where OSCAL asks for a plan: the figures were counted without one.',
        },
        {
          uuid: ids.ofInstallation(framework.id),
          title: line(framework.reference),
          description: line(`Published by ${framework.publisher}. Controls are told in our own words.`),
          rlinks: framework.sources.map(({ url }) => ({ href: url })),
        },
      ],
    },
  };
  return { 'assessment-results': { uuid: v5(canonicalJson(body), NAMESPACE), ...body } };
}

type Ids = { ofInstallation(name: string): string; ofPeriod(...names: string[]): string };

function resultOf(evidence: ControlEvidence, writer: Writer, ids: Ids) {
  const { framework, period, statement } = evidence;
  return {
    uuid: ids.ofPeriod('result'),
    title: line(framework.title),
    description: line(
      `What of the records of this installation from ${period.from} up to, and without, ${period.to} answers the controls. ${statement}.`,
    ),
    start: period.from,
    end: period.to,
    'local-definitions': {
      components: [
        {
          uuid: ids.ofInstallation('software'),
          type: 'software',
          title: 'Sealtrail',
          description: 'The installation that keeps the records and counted the figures.',
          props: [{ name: 'version', value: writer.version }, prop('public-url', writer.url)],
          status: { state: 'operational' },
        },
      ],
    },
    'reviewed-controls': {
      'control-selections': [
        { 'include-controls': evidence.controls.map(({ id }) => ({ 'control-id': controlId(id) })) },
      ],
    },
    observations: observationsOf(evidence, writer, ids),
    remarks:
      'There are no findings: a finding says satisfied or not-satisfied, which is for whoever assesses to say. Each control is an observation that names the figures it rests on.',
  };
}

/** Of each control, then of each figure. */
function observationsOf({ controls, figures, generatedAt }: ControlEvidence, writer: Writer, ids: Ids) {
  const software = ids.ofInstallation('software');
  const observed = {
    methods: ['EXAMINE'],
    origins: [{ actors: [{ type: 'tool', 'actor-uuid': software }] }],
    subjects: [{ 'subject-uuid': software, type: 'component' }],
    collected: generatedAt,
  };
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  const ofControls = controls.map((control) => ({
    uuid: ids.ofPeriod('control', control.id),
    title: line(`${control.id} ${control.title}`),
    description: line(control.answers),
    props: [
      prop('control-id', controlId(control.id)),
      prop('strength', control.strength),
      ...control.figures.map((id) => prop('figure', id)),
      ...control.figures.map((id) => prop('figure-observation', ids.ofPeriod('figure', id))),
    ],
    ...observed,
    ...(control.figures.length > 0 && {
      'relevant-evidence': control.figures
        .flatMap((id) => byId.get(id) ?? [])
        .map((figure) => evidenceOf(figure, writer)),
    }),
    remarks: [`Asks: ${control.asks}`, `Not covered: ${control.notCovered}`, `Shown by: ${control.shownBy}`]
      .map(line)
      .join('\n\n'),
  }));
  const ofFigures = figures.map((figure) => ({
    uuid: ids.ofPeriod('figure', figure.id),
    title: line(figure.label),
    description: line(figure.counts),
    props: figureProps(figure),
    ...observed,
    'relevant-evidence': [figure, ...figure.parts].map((part) => evidenceOf(part, writer)),
    remarks: line(STRENGTHS[figure.strength].meaning),
  }));
  return [...ofControls, ...ofFigures];
}

/**
 * The id of a control as OSCAL writes ids, a token: that of NIST's own catalogue for its controls (`au-2`), and for others the same by the same rule. A
 * number that begins one has `req-` before it.
 */
export function controlId(id: string): string {
  const token = id
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/-$/, '');
  return /^[\p{L}_]/u.test(token) ? token : `req-${token}`;
}

function figureProps({ id, strength, of, unit, value, total }: ControlFigure) {
  return [
    prop('figure', id),
    prop('strength', strength),
    prop('of', of),
    prop('unit', unit),
    ...(value === null ? [] : [prop('value', String(value))]),
    ...(total === null ? [] : [prop('total', String(total))]),
  ];
}

function evidenceOf(
  { label, href, unit, value }: Pick<ControlFigure, 'label' | 'href' | 'unit' | 'value'>,
  { url }: Writer,
) {
  return {
    href: new URL(`${url}${href}`).href,
    description: line(label),
    props: [prop('unit', unit), ...(value === null ? [] : [prop('value', String(value))])],
  };
}

function prop(name: string, value: string) {
  return { name, ns: NS, value };
}

/** Text as a line of Markdown that shows it as it is. */
function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#|~]/g, String.raw`\$&`);
}
