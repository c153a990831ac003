import { reasonWords } from '../../core/checks/reasons';
import { titleOf } from '../../core/checks/check';
import type { DescribedRow, Row } from '../outcome';

/** A row with what it says, in a sentence. */
export function describeRow(row: Row): DescribedRow {
  const said = sentence(reasonWords(row.reason));
  const isOfLog = row.isSelfAttested && row.step !== 'signer';
  return { ...row, title: titleOf(row), detail: isOfLog ? `${said} Self-attested: the key of the log came with the proof.` : said };
}

/** What is a clause becomes one; a media type stays as it is written. */
function sentence(words: string): string {
  if (/[.!?]$/.test(words)) return words;
  return /^[\w.-]+\//.test(words) ? `${words}.` : `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
