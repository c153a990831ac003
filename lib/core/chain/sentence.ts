import { figure, many } from '../text/words';
import { PROBLEM_VERDICT, type ProblemCode, type ProblemCounts } from './problem';
import type { ChainVerdict } from './verdict';

export type Reported = {
  verdict: ChainVerdict;
  /** Name of the tool that wrote the log. */
  label: string;
  records: number;
  /** RFC 3339 UTC. */
  firstRecordedAt: string | null;
  lastRecordedAt: string | null;
  problemCounts: ProblemCounts;
};

/** The verdict in one or two sentences a person understands. `period` writes ` from … to …`, in UTC unless the reader's zone is known. */
export function verdictSentence(
  { verdict, label, records, firstRecordedAt: from, lastRecordedAt: to, problemCounts: counts }: Reported,
  period: (from: string, to: string) => string = utcPeriod,
): string {
  const some = `${many(records, 'record')}${from && to ? period(from, to) : ''}`;
  const holds = records === 1 ? 'holds' : 'hold';
  switch (verdict) {
    case 'damaged':
      return 'Stored bytes that this chain was checked over are gone or altered: its verdict counts again when the genuine ones are back.';
    case 'pending':
      return records === 0 ? 'Waiting to be checked.' : `${many(records, 'line')} waiting to be checked.`;
    case 'verified':
      return `${some} ${holds}; nothing is missing between them.`;
    case 'verified-with-warnings': {
      const { 'legacy-prefix': unhashed, ...others } = counts;
      const rest = reported(others, verdict);
      const held = unhashed
        ? `Of ${some}, all from where the chain begins hold, and nothing is missing between them; those before it carry no hash, so nothing proves them.`
        : `${some} ${holds}; nothing is missing between them.`;
      return rest ? `${held} ${capital(rest)}.` : held;
    }
    case 'restarted': {
      const { restart: restarts = 0, rotation: rotations = 0 } = counts;
      const causes = [
        ...(restarts > 0 ? [`${label} was restarted ${times(restarts)}`] : []),
        ...(rotations > 0 ? [`the log was rotated ${times(rotations)}`] : []),
      ];
      const proof =
        restarts > 0
          ? 'that nothing is missing between the parts is not proven'
          : 'only its numbers show that nothing is missing between the parts';
      return `${some} ${holds} in ${many(restarts + rotations + 1, 'part')}: ${causes.join(' and ')}, and ${proof}.`;
    }
    case 'unchained':
      return records === 0
        ? 'The log holds no records, so there is nothing to prove.'
        : `${some} can be read, but none carries a hash: nothing proves them.`;
    case 'corrupt':
      return `${capital(reported(counts, verdict))}; ${records === 0 ? 'no record could be read' : `the ${many(records, 'record')} that can be read ${holds}`}.`;
    case 'gap': {
      const { 'missing-beginning': late, ...others } = counts;
      const rest = reported(others, verdict);
      if (late && !rest) return `${some} ${holds} from where the log begins on; what came before is not in it.`;
      if (late)
        return `${capital(rest)}, and what came before the first is not in this log; the ${many(records, 'record')} present hash${records === 1 ? 'es' : ''} correctly.`;
      return `${capital(reported(counts, verdict))}; the ${many(records, 'record')} present hash${records === 1 ? 'es' : ''} correctly.`;
    }
    case 'truncated':
      return `The chain is shorter than it was seen before: its end was cut off. The ${many(records, 'record')} left ${holds}.`;
    case 'forked':
      return `${capital(reported(counts, verdict))}; each of the ${many(records, 'record')} hashes correctly, but they are not one history.`;
    case 'tampered':
      return `This log was altered: ${reported(counts, verdict)}, among ${some}.`;
  }
}

/** Every code in few words, for one occurrence and for more. */
const IN_WORDS: Record<ProblemCode, [one: string, more: string]> = {
  'hash-mismatch': ['1 record was changed after it was written', '# records were changed after they were written'],
  'link-mismatch': [
    '1 record does not follow from the one before it',
    '# records do not follow from the ones before them',
  ],
  'out-of-order': ['1 record is out of order', '# records are out of order'],
  'duplicate-record': ['1 record is repeated', '# records are repeated'],
  'sequence-mismatch': ['1 record is numbered wrongly', '# records are numbered wrongly'],
  'missing-hash': ['1 record carries no hash', '# records carry no hash'],
  'bad-genesis': ['the chain does not begin as a chain does', 'the chain does not begin as a chain does'],
  'history-rewritten': [
    'it no longer holds a record that was seen before',
    'it no longer holds records that were seen before',
  ],
  'bad-signature': ['1 signature is false', '# signatures are false'],
  'session-mismatch': [
    'it is not the log its session file vouches for',
    'it is not the log its session file vouches for',
  ],
  'merkle-mismatch': [
    'a Merkle root beside it was made over other records',
    'Merkle roots beside it were made over other records',
  ],
  'ledger-mismatch': ['the ledger of sessions contradicts it', 'the ledger of sessions contradicts it'],
  fork: ['two histories branch off at 1 place', 'histories branch off at # places'],
  'shorter-than-witnessed': ['its end was cut off', 'its end was cut off'],
  'missing-beginning': ['what came before them is not in this log', 'what came before them is not in this log'],
  'missing-records': ['records are missing at 1 place', 'records are missing at # places'],
  'not-json': ['1 line cannot be read', '# lines cannot be read'],
  'not-utf8': ['1 line is not valid UTF-8', '# lines are not valid UTF-8'],
  'not-a-record': ['1 line is no record', '# lines are no records'],
  'torn-tail': ['the last record is torn off', 'the last record is torn off'],
  'glued-line': ['a torn record stands before another on 1 line', 'torn records stand before others on # lines'],
  'zero-bytes': ['zero bytes stand at 1 place', 'zero bytes stand at # places'],
  'unreadable-evidence': ['1 sidecar file cannot be read', '# sidecar files cannot be read'],
  'no-chain': ['no record carries a hash', 'no record carries a hash'],
  restart: ['the writer was restarted once', 'the writer was restarted # times'],
  rotation: ['the log was rotated once', 'the log was rotated # times'],
  're-serialised': ['1 record was written anew by another tool', '# records were written anew by another tool'],
  'duplicate-key': ['1 record gives a key twice', '# records give a key twice'],
  'unknown-key': ['1 record has an unknown key', '# records have unknown keys'],
  'legacy-prefix': [
    'the first records were written before the chain began',
    'the first records were written before the chain began',
  ],
  'unknown-schema': ['1 record follows an unknown schema version', '# records follow an unknown schema version'],
  'no-event-json': ['1 record lacks the text of its event', '# records lack the text of their event'],
  'unsigned-record': ['records carry no signature', 'records carry no signature'],
  'byte-order-mark': ['a byte-order mark was put before the log', '# byte-order marks were put before lines'],
  'missing-newline': ['a newline is missing between 2 records', 'newlines are missing between records at # places'],
  'blank-lines': ['there are blank lines', 'there are blank lines'],
  crlf: ['lines end in CR LF', 'lines end in CR LF'],
};

/** What led to the verdict, in words. */
function reported(counts: ProblemCounts, verdict: ChainVerdict): string {
  const codes = (Object.keys(IN_WORDS) as ProblemCode[]).filter(
    (code) => PROBLEM_VERDICT[code] === verdict && counts[code],
  ); // keys of a literal we own
  const clauses = codes.map((code) =>
    IN_WORDS[code][counts[code] === 1 ? 0 : 1].replace('#', figure(counts[code] ?? 0)),
  );
  return clauses.length > 1 ? `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}` : (clauses[0] ?? '');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** ` from 11 May 2026 08:00 to 15:12 UTC`; the second date is left out when it is the first. */
function utcPeriod(from: string, to: string): string {
  if (from.slice(0, 16) === to.slice(0, 16)) return ` from ${date(from)} ${from.slice(11, 16)} UTC`;
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  return ` from ${date(from)} ${from.slice(11, 16)} to ${sameDay ? '' : `${date(to)} `}${to.slice(11, 16)} UTC`;
}

function date(instant: string): string {
  return `${Number(instant.slice(8, 10))} ${MONTHS[Number(instant.slice(5, 7)) - 1] ?? ''} ${instant.slice(0, 4)}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${figure(count)} times`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
