import type { Message } from '../message';

/** What a section of Slack holds. */
const MOST_CHARACTERS = 2_900;

/** A message as incoming webhooks of Slack take it, and what is compatible with them: `text` alone says it all. */
export function slackBody({ subject, lines, url }: Message): string {
  const text = cut([`*<${url}|${escaped(subject, true)}>*`, ...lines.map((line) => escaped(line))].join('\n'));
  return JSON.stringify({ text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] });
}

/** Nothing of it is markup, a mention or a link. docs: formatting text, "escaping text". */
function escaped(text: string, isLabel = false): string {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // A bar ends the address of a link, and marks of emphasis pair across words.
  return (isLabel ? plain.replaceAll('|', '∣') : plain).replaceAll(/[*_~`]/g, (mark) => `\u200B${mark}`);
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
