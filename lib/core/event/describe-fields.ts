import { FORMATS } from '../formats';
import { EVENT_FIELDS, type FieldType, PLACE_FIELDS, PROOF_FIELDS } from './fields';

const TYPE_WORDS: Readonly<Record<FieldType, string>> = {
  text: 'text',
  word: 'text',
  decision: 'word',
  time: 'time',
  count32: 'number',
  count53: 'number',
  amount: 'number',
};

/** `docs/events.md`: every field, and what of each format's records fills it. */
export function describeFields(): string {
  const cell = (text: string) => text.replaceAll('|', String.raw`\|`);
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const heads = ['Field', 'Type', 'What it is', ...FORMATS.map(({ label }) => label)];
  return [
    '# Events',
    '',
    'Every record of every chain, whatever wrote it, is searched, counted and matched by rules as an event with these fields. They are columns of the event lake, names in rules and headers of',
    'CSV files. Empty text and zero mean that the record does not say. This page is made from `lib/core/event/fields.ts`; rules may use the fields marked with \\*.',
    'Searches take the names behind an oblique stroke too.',
    '[ocsf.md](ocsf.md) says what each becomes in the Open Cybersecurity Schema Framework.',
    '',
    '## What a record states',
    '',
    row(heads),
    row(heads.map(() => '---')),
    ...EVENT_FIELDS.map((field) => {
      const from: Readonly<Record<string, string>> = field.from;
      return row([
        `${namesOf(field)}${field.inRules ? ' \\*' : ''}`,
        TYPE_WORDS[field.type],
        field.about,
        ...FORMATS.map(({ id }) => from[id] ?? ''),
      ]);
    }),
    '',
    '## What is known of it',
    '',
    row(['Field', 'What it is']),
    row(['---', '---']),
    ...[...PLACE_FIELDS, ...PROOF_FIELDS].map(({ name, inRules, about }) =>
      row([`\`${name}\`${inRules ? ' \\*' : ''}`, about]),
    ),
    '',
  ].join('\n');
}

function namesOf({ name, also = [] }: { name: string; also?: readonly string[] }): string {
  return [name, ...also].map((one) => `\`${one}\``).join(' / ');
}
