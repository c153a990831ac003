/** What can be written where the caret stands; a choice takes the place of `from` to `to`, and the caret stands behind it. */
export type Completion = { from: number; to: number; items: readonly Proposal[] };
export type Proposal = { text: string; about: string };

/** Words of rules, as those who know the lists give them. */
export type Vocabulary = {
  fields: readonly { name: string; type: 'text' | 'number'; about: string }[];
  modifiers: readonly string[];
  kinds: readonly string[];
  levels: readonly string[];
};

const TOP: Readonly<Record<string, string>> = {
  title: 'What it is called',
  id: 'A UUID: findings are known by it',
  name: 'What correlations name it by',
  status: 'How far it is tried',
  description: 'What it looks for',
  references: 'Where more is said',
  author: 'Who wrote it',
  date: 'YYYY-MM-DD',
  modified: 'YYYY-MM-DD',
  tags: 'Such as attack.execution',
  atlas: 'Ids of MITRE ATLAS',
  owasp: 'Ids of an OWASP Top 10',
  logsource: 'Which records: those of guardrails',
  detection: 'What a record must be',
  correlation: 'What windows of records must be',
  baseline: 'More than the same group did before',
  new_terms: 'The first time in so long',
  falsepositives: 'When it may be harmless',
  level: 'How bad it is',
  runbook: 'What to do about a finding',
  timezone: 'In which hours and days are told',
  placeholders: 'Values for %name% where a field is expanded',
  examples: 'Records it finds, and leaves alone',
};
const CORRELATION: Readonly<Record<string, string>> = {
  type: 'What is measured',
  rules: 'Names of the rules it is over',
  'group-by': 'Fields, each group apart',
  timespan: 'Length of a window, such as 15m',
  condition: 'What is compared',
  aliases: 'Fields that stand for one another',
  generate: 'Whether the rules it is over find something by themselves',
};
const CONDITION: Readonly<Record<string, string>> = {
  gte: 'at least',
  gt: 'more than',
  lte: 'at most',
  lt: 'fewer than',
  eq: 'exactly',
  neq: 'anything but',
  field: 'Field that is measured',
  percentile: 'Which, from 0 to 100',
};
const STATUSES = ['experimental', 'test', 'stable', 'deprecated', 'unsupported'];

/** Null where nothing can be proposed. */
export function completeRule(text: string, caret: number, vocabulary: Vocabulary): Completion | null {
  const start = text.lastIndexOf('\n', caret - 1) + 1;
  const line = text.slice(start, caret);
  const parents = parentsAt(text, start, line.search(/\S|$/));
  const value = /^\s*(?:- +)?([\w-]+):[ \t]+(\S*)$/.exec(line);
  if (value) return proposed(caret, value[2] ?? '', valuesOf(value[1] ?? '', parents, text, vocabulary));
  const word = /(?:^|\s)(?:- +)?([\w.-]*)$/.exec(line);
  if (/:\s/.test(line) && parents.at(-1) !== undefined && /\bcondition:/.test(line) && parents[0] === 'detection')
    return proposed(caret, word?.[1] ?? '', inCondition(text));
  const modified = /^\s*(?:- +)?([\w.]*)\|((?:[\w]+\|)*)(\w*)$/.exec(line);
  if (modified && parents[0] === 'detection')
    return proposed(
      caret,
      modified[3] ?? '',
      vocabulary.modifiers.map((name) => ({ text: name, about: 'modifier' })),
    );
  const key = /^\s*(?:- +)?([\w-]*)$/.exec(line);
  if (!key) return null;
  return proposed(caret, key[1] ?? '', keysOf(parents, line, vocabulary));
}

function proposed(caret: number, begun: string, items: readonly Proposal[]): Completion | null {
  const wanted = begun.toLowerCase();
  const fitting = items.filter((item) => item.text.toLowerCase().startsWith(wanted) && item.text.trim() !== begun);
  return fitting.length === 0 ? null : { from: caret - begun.length, to: caret, items: fitting };
}

/** Keys that the line is below, outermost first. */
function parentsAt(text: string, start: number, indent: number): string[] {
  const parents: string[] = [];
  let within = indent;
  for (const line of text.slice(0, start).split(/\r?\n/).toReversed()) {
    if (line.startsWith('---')) break;
    const key = /^(\s*)(?:- +)?([^\s:#][^:]*):(?:\s|$)/.exec(line);
    const depth = key?.[1]?.length ?? 0;
    if (!key || depth >= within) continue;
    parents.unshift(key[2] ?? '');
    within = depth;
    if (depth === 0) break;
  }
  return parents;
}

function keysOf(parents: readonly string[], line: string, { fields }: Vocabulary): Proposal[] {
  const [top] = parents;
  const asKeys = (keys: Readonly<Record<string, string>>) =>
    Object.entries(keys).map(([name, about]) => ({ text: `${name}: `, about }));
  if (top === undefined) return /^\s/.test(line) ? [] : asKeys(TOP);
  if (top === 'detection')
    return parents.length === 1
      ? [
          { text: 'selection:', about: 'What a record must be' },
          { text: 'condition: ', about: 'Which of them hold' },
        ]
      : fields.map(({ name, about }) => ({ text: name, about }));
  if (parents.at(-1) === 'group-by' || parents.at(-1) === 'fields')
    return fields.flatMap(({ name, type, about }) => (type === 'text' ? [{ text: name, about }] : []));
  if (parents.at(-1) === 'condition') return asKeys(CONDITION);
  if (top === 'correlation' && parents.length === 1) return asKeys(CORRELATION);
  if (top === 'logsource') return asKeys({ product: 'ai_agent', service: 'guardrail' });
  return [];
}

function valuesOf(key: string, parents: readonly string[], text: string, vocabulary: Vocabulary): Proposal[] {
  const plain = (values: readonly string[], about = '') => values.map((value) => ({ text: value, about }));
  if (key === 'condition' && parents[0] === 'detection') return inCondition(text);
  if (key === 'type' && parents[0] === 'correlation') return plain(vocabulary.kinds, 'what is measured');
  if (key === 'level') return plain(vocabulary.levels);
  if (key === 'status') return plain(STATUSES);
  if (key === 'product') return plain(['ai_agent']);
  if (key === 'service') return plain(['guardrail']);
  if (key === 'field') return vocabulary.fields.map(({ name, about }) => ({ text: name, about }));
  if (key === 'decision') return plain(['deny', 'allow', 'ask', 'transform', 'local', 'error']);
  return [];
}

/** Names of selections, and words of conditions. */
function inCondition(text: string): Proposal[] {
  const names = [...text.matchAll(/^ {2}([A-Za-z_]\w*):/gm)].flatMap(([, name]) =>
    name === undefined || name === 'condition' || Object.hasOwn(CORRELATION, name) ? [] : [name],
  );
  return [
    ...[...new Set(names)].map((name) => ({ text: name, about: 'selection' })),
    ...['and ', 'or ', 'not ', '1 of ', 'all of ', 'them'].map((word) => ({ text: word, about: 'condition' })),
  ];
}
