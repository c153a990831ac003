import type { ProblemCode } from '@/lib/core/chain/problem';

type ProblemWords = {
  /** What follows from it for the evidence. */
  consequence: string;
  /** What to do now. */
  action: string;
};

const COMPARE =
  'Compare the record with an independent copy: a backup, the agent’s own session log, the host’s file snapshots.';
const HANDLING =
  'Find the step that rewrites the file (log shipper, editor, line-ending conversion) and take it out of the path.';

/** What every problem means, in words a person acts on. The cause stands in the problem’s own message. */
export const PROBLEM_WORDS: Record<ProblemCode, ProblemWords> = {
  'hash-mismatch': {
    consequence: 'What this record says cannot be relied on. The records around it are verified by themselves.',
    action: COMPARE,
  },
  'link-mismatch': {
    consequence: 'The order of records here is not proven; one may have been inserted, removed or replaced.',
    action: COMPARE,
  },
  'out-of-order': {
    consequence: 'All records are there, but not in the order they were written.',
    action:
      'Restore the writer’s order from the original file and upload it again; look for a merge or a sort on the way here.',
  },
  'duplicate-record': {
    consequence: 'The chain says the same thing twice; counts of this period are too high by one.',
    action: 'Look for a shipper that sent a line twice. If the original file has it once, upload the original.',
  },
  'sequence-mismatch': {
    consequence: 'The writer’s own numbering contradicts the chain; a record may have been put in or renumbered.',
    action: COMPARE,
  },
  'missing-hash': {
    consequence: 'Nothing covers this record: anyone could have added it.',
    action: 'Find out who else writes into this file. Treat the record as unproven.',
  },
  'bad-genesis': {
    consequence:
      'There are records before it, but it follows from none of them: hashes were removed, or the record was moved here from elsewhere.',
    action: COMPARE,
  },
  'missing-beginning': {
    consequence: 'Everything from here on holds by itself; what came before is not here, so nothing is said of it.',
    action:
      'Upload the earlier file to the same chain if there is one. A log that was followed from its end begins like this.',
  },
  'history-rewritten': {
    consequence: 'The chain no longer contains a head that was seen before: earlier records were replaced as a whole.',
    action: 'Keep both uploads: the earlier one is still stored here, byte for byte. Ask who could replace the file.',
  },
  'bad-signature': {
    consequence:
      'The holder of the registered key did not sign this, or it was changed since. The hash alone cannot show that, as anyone can compute it.',
    action:
      'Check that the registered key is the one in use at that time. If it is, compare the record with an independent copy.',
  },
  'session-mismatch': {
    consequence: 'The log and its session file cannot both be as they were written.',
    action: 'Copy the session folder again from the machine it was written on, and compare both files.',
  },
  'merkle-mismatch': {
    consequence: 'A root or a proof in a sidecar was made over other records than these.',
    action: 'Copy the session folder again from the machine it was written on, and compare.',
  },
  'ledger-mismatch': {
    consequence:
      'The ledger, which chains all sessions, and this session’s folder cannot both be as they were written.',
    action:
      'Compare ledger and session folder with the machine they were written on; a row that was removed or changed shows there.',
  },
  fork: {
    consequence: 'Both branches hash correctly, so the chain alone cannot say which one happened.',
    action: 'Look for two writers on one file, or for a restored backup that went on being written.',
  },
  'shorter-than-witnessed': {
    consequence: 'Records that were stored here earlier are missing from the end of this upload.',
    action:
      'The earlier upload is still stored here, byte for byte. Ask what cut the file: rotation, a restore, or a person.',
  },
  'missing-records': {
    consequence: 'Everything present hashes correctly, but what happened in between is unknown.',
    action: 'Look for the missing piece in rotated files and backups, then upload it to the same chain.',
  },
  'not-json': {
    consequence: 'This line cannot be read; what it said is unknown. The damage is not called tampering.',
    action: 'Check the disk and the way the file was copied; upload an undamaged copy if there is one.',
  },
  'not-utf8': {
    consequence: 'This line cannot be read; what it said is unknown.',
    action: 'Check the way the file was copied or converted; upload an undamaged copy if there is one.',
  },
  'not-a-record': {
    consequence: 'It is readable, but nothing this tool writes. It proves nothing.',
    action: 'Find out what else writes into this file.',
  },
  'torn-tail': {
    consequence: 'The last record was not written to its end; everything before it is unaffected.',
    action: 'Usually a crash or a copy taken while writing. Upload the file again once the writer has gone on.',
  },
  'glued-line': {
    consequence:
      'The bytes of a record that was never finished stand on the line; the whole record behind them was checked by itself.',
    action: 'Usually a crash in the middle of a write. Upload an undamaged copy if there is one.',
  },
  'zero-bytes': {
    consequence:
      'They are no record; whatever was to stand there is not in this copy. The records around were checked by themselves.',
    action:
      'Usually a crash of the machine, or a log truncated while it was written to (logrotate’s copytruncate). Upload an undamaged copy if there is one.',
  },
  'unreadable-evidence': {
    consequence: 'The log was verified without it; what the file would have shown stays open.',
    action: 'Check how the file was copied; send an undamaged copy if there is one.',
  },
  'no-chain': {
    consequence: 'Nothing can be proven about this log: it can be read, searched and nothing more.',
    action: 'Turn the tool’s hash chaining on; logs written from then on can be verified.',
  },
  restart: {
    consequence: 'The parts before and after hold. Whether records are missing between them cannot be proven.',
    action: 'Match it with a restart or an upgrade of the agent at that time.',
  },
  rotation: {
    consequence: 'Each file holds. Only the numbers show that nothing is missing between them.',
    action: 'Nothing to do: this tool begins a new chain in every file.',
  },
  're-serialised': {
    consequence:
      'The content matches its hash by the format’s own rule, but another tool has rewritten the bytes since.',
    action: `${HANDLING} The Connect tab has, for each log shipper, the setting that keeps lines as they are.`,
  },
  'duplicate-key': {
    consequence: 'Readers may disagree about what the record says; the hash covers one of the readings.',
    action: 'Report it to the maker of the tool that writes this log.',
  },
  'unknown-key': {
    consequence: 'The record holds, but the extra field may not be covered by its hash.',
    action: 'Check whether the tool was upgraded, or who adds fields on the way.',
  },
  'legacy-prefix': {
    consequence: 'The records before the chain began are readable but unproven.',
    action: 'Nothing to do if the tool was upgraded at that time.',
  },
  'unknown-schema': {
    consequence: 'The record was checked by the rules of the newest version known here.',
    action: 'Check for a newer Sealtrail if the tool was upgraded.',
  },
  'no-event-json': {
    consequence: 'The event was hashed as it is shown. nono itself refuses such a log once its session file covers it.',
    action: 'Nothing to do if an older nono wrote the log; upgrade it otherwise.',
  },
  'unsigned-record': {
    consequence: 'Their hashes hold, but they are not signed: anyone who can write the file could have written them.',
    action: 'Turn signing on in the tool, or find out when and why it was off.',
  },
  'byte-order-mark': {
    consequence: 'It carries nothing; hashes were checked over the bytes behind it.',
    action: HANDLING,
  },
  'missing-newline': {
    consequence: 'All of them are whole and were checked; only the line end between them is missing.',
    action: 'Usually a write that was interrupted, or files joined without a line end between them.',
  },
  'blank-lines': { consequence: 'They carry nothing and were passed over.', action: HANDLING },
  crlf: {
    consequence: 'Hashes were checked without them, as the format’s own rule does.',
    action: HANDLING,
  },
};
