import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FigureId, FrameworkId } from '../../schemas/controls';
import { FIGURES } from './figures';
import { parseFramework } from './parse-framework';

/** The day the sources were last read: no file knows of anything after it. */
const LAST_READ = '2026-11-30';
const FOLDER = path.join(import.meta.dirname, 'frameworks');
const read = (id: FrameworkId) => readFileSync(path.join(FOLDER, `${id}.yml`), 'utf8');
const parsed = FrameworkId.options.map((id) => parseFramework(read(id), `${id}.yml`));

it('lists every framework there is a file of', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(FrameworkId.options.map((id) => `${id}.yml`).toSorted());
});

it('every figure is named by a control, and controls name no other', () => {
  const named = new Set(parsed.flatMap(({ controls }) => controls.flatMap(({ figures }) => figures)));
  expect([...named].toSorted()).toEqual(Object.keys(FIGURES).toSorted());
  expect(Object.keys(FIGURES)).toEqual([...FigureId.options]);
});

it.each(Object.entries(FIGURES))(
  'docs/controls.md has what %s counts, and how strong it is',
  (id, { counts, strength, of }) => {
    const doc = readFileSync(path.resolve(import.meta.dirname, '../../../docs/controls.md'), 'utf8');
    expect(doc).toContain(`| \`${id}\` | ${counts} | \`${strength}\` | ${of === 'period' ? 'the period' : 'now'} |`);
  },
);

describe.each(parsed)('$id', ({ controls, standing, title, reference, asOf, dates, sources, notes }) => {
  it('says of each control what it asks, what is not covered, and who has to show that', () => {
    for (const { id, asks, answers, notCovered, shownBy } of controls)
      for (const text of [asks, answers, notCovered, shownBy])
        expect([id, text]).toEqual([id, expect.stringMatching(/^(All of it\.|.{20})/)]);
  });

  it('says of a control without a figure that nothing here answers it', () => {
    for (const { id, figures, answers, notCovered } of controls)
      expect([id, figures.length === 0]).toEqual([
        id,
        answers.startsWith('Nothing here answers it.') && notCovered.startsWith('All of it.'),
      ]);
  });

  it('is named a draft where it is one', () => {
    expect(/draft/i.test(title)).toBe(standing === 'draft');
    expect(/A draft/.test(reference)).toBe(standing === 'draft');
    expect(notes.some((note) => note.startsWith('A draft, which may still change.'))).toBe(standing === 'draft');
  });

  it('states where it is from, and no date without a source of law', () => {
    expect(asOf <= LAST_READ).toBe(true);
    const isLaw = sources.every(({ url }) => url.startsWith('https://eur-lex.europa.eu/'));
    expect(isLaw || dates.length === 0).toBe(true);
  });
});

it('says that Article 12 asks for recording and not for tamper evidence, and what that adds', () => {
  const [act] = parsed;
  expect(act?.notes[0]).toMatch(/records? automatically|recorded automatically/);
  expect(act?.notes[0]).toContain('does not ask for tamper evidence');
  expect(act?.notes[0]).toContain('What tamper evidence adds');
  expect(act?.dates.map(({ date }) => date)).toEqual(['2027-12-02', '2028-08-02']);
});

describe('a file that is wrong is refused with its place', () => {
  const good = read('soc-2');
  const cases: [string, (text: string) => string, RegExp][] = [
    [
      'a figure that is none',
      (text) => text.replace('accesses-denied', 'accesses'),
      /^soc-2\.yml:\d+:\d+: controls\.0\.figures\.2: /,
    ],
    ['a key that is none', (text) => text.replace('standing:', 'state:'), /^soc-2\.yml:\d+:\d+: /],
    [
      'nothing said of what is not covered',
      (text) => text.replace(/ {4}notCovered: What[^\n]*\n/, ''),
      /^soc-2\.yml:\d+:\d+: controls\.1\.notCovered: /,
    ],
    [
      'a control twice',
      (text) => text.replace('id: CC7.3', 'id: CC7.2'),
      /^soc-2\.yml:\d+:\d+: controls\.1\.id: CC7\.2 is there already/,
    ],
    [
      'a figure twice',
      (text) => text.replace('accesses-denied', 'rule-looks'),
      /controls\.0\.figures\.2: rule-looks is named already/,
    ],
    ['a link without TLS', (text) => text.replace('https:', 'http:'), /sources\.0\.url: /],
    [
      'another name',
      (text) => text.replace('id: soc-2', 'id: pci-dss'),
      /^soc-2\.yml:1:5: id: must be the file's name/,
    ],
    ['no YAML', () => 'a: [', /^soc-2\.yml:\d+:\d+: /],
  ];
  it.each(cases)('%s', (_, change, message) => {
    expect(() => parseFramework(change(good), 'soc-2.yml')).toThrow(message);
  });
});
