import { reasonWords } from '../../../core/checks/reasons';
import { titleOf } from '../../../core/checks/check';
import { asSentence } from '../../../core/text/words';
import type { DescribedRow, Row } from '../outcome';

/** A row with what it says, in a sentence. */
export function describeRow(row: Row): DescribedRow {
  const said = sentence(reasonWords(row.reason));
  const isOfLog = row.isSelfAttested && row.step !== 'signer';
  return {
    ...row,
    title: titleOf(row),
    detail: isOfLog ? `${said} Self-attested: the key of the log came with the proof.` : said,
  };
}

/** What is one stays as it is, and a media type as it is written. */
function sentence(text: string): string {
  if (/[.!?]$/.test(text)) return text;
  return /^[\w.-]+\//.test(text) ? `${text}.` : asSentence(text);
}
