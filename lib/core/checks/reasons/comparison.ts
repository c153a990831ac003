import type { Verdict } from '../../chain/verdict';
import { figure, many, some } from '../../text/words';

type Subject = { name: string | null; sha256: string | null };
type Given = { file: string; sha256: string | null };
/** Inclusive ordinals. */
type Range = { first: number; last: number; count: number };
export type Comparable = string | number | null | Range;
/** How logs were found that a statement is about. */
export type FoundBy =
  | { by: 'tree'; files: readonly string[]; records: number; rootHash: string }
  | { by: 'digest'; files: readonly string[] }
  | { by: 'excerpt'; file: string; records: number };
type Again = { verdict: Verdict /** Some of the content is under no hash. */; hasUncovered: boolean };
type Verdicts = { stated: Verdict; found: Verdict };
export type RulesStated =
  | { by: 'period'; findings: number }
  | { by: 'chain'; findings: number; rules: number }
  | { by: 'test'; result: string; rules: number; failed: readonly string[] };

/** Reasons of what is stated and compared with the files at hand, each with its details in words. */
export const COMPARISON_REASONS = {
  same: ({ value }: { value: Comparable }) => `Stated and found: ${valueWords(value)}.`,
  differs: ({ stated, found }: { stated: Comparable; found: Comparable }) =>
    `Stated: ${valueWords(stated)}. Found: ${valueWords(found)}.`,

  'subjects-here': ({
    found,
    matched,
    total,
  }: {
    found: readonly { file: string; name: string | null; sha256: string }[];
    matched: number;
    total: number;
  }) =>
    `${matched === total ? '' : `${figure(matched)} of the ${figure(total)} it names: `}${some(found.map(({ file, name, sha256 }) => `${file} is subject "${name ?? 'without a name'}", SHA-256 ${sha256}`))}.`,
  'logs-found': ({ found }: { found: FoundBy }) => foundWords(found),
  'roots-found': ({ files }: { files: readonly string[] }) =>
    `${files.join(', ')}: recognised by the roots of the trees it names.`,
  'no-subject-here': ({ named }: { named: readonly Subject[] }) => noSubjectWords(named),
  'given-are-others': ({ given, named }: { given: readonly Given[]; named: readonly Subject[] }) =>
    `${given.map(({ file, sha256 }) => `${file} (SHA-256 ${sha256 ?? 'unknown'})`).join(', ')} ${given.length === 1 ? 'is' : 'are'} not what it covers. ${noSubjectWords(named)}`,
  'namesakes-differ': ({ files }: { files: readonly (Given & { stated: string | null })[] }) =>
    `${some(files.map(({ file, sha256, stated }) => `${file} has SHA-256 ${sha256 ?? ''}, stated is ${stated ?? 'none'}`))}.`,
  'subjects-missing': ({ missing }: { missing: readonly Subject[] }) =>
    `Not here: ${some(missing.map(({ name, sha256 }) => `${name ?? 'without a name'} (SHA-256 ${sha256 ?? 'not stated'})`))}.`,

  'rotated-here': ({ files, records, isByTree }: { files: readonly string[]; records: number; isByTree: boolean }) =>
    `${files.join(', ')}, one after another, begin with the ${many(records, 'record')} it covers: ${isByTree ? 'they lead to the root it states' : 'the bytes have the SHA-256 it states for each segment'}.`,
  'segments-here': ({ files, segments }: { files: readonly string[]; segments: number }) =>
    `All ${figure(segments)} segments are here, each with the SHA-256 it states: ${files.join(', ')}.`,
  'whole-here': ({ file, segments, sha256 }: { file: string; segments: number; sha256: string }) =>
    `${file} has, whole and in each of its ${many(segments, 'segment')}, the SHA-256 it states: ${sha256}.`,
  'beginning-here': ({ file, sizeBytes, moreBytes }: { file: string; sizeBytes: number; moreBytes: number }) =>
    `The first ${figure(sizeBytes)} bytes of ${file} have the SHA-256 it states; ${many(moreBytes, 'byte')} more were written since and are not covered.`,
  'some-segments-here': ({ files, here, segments }: { files: readonly string[]; here: number; segments: number }) =>
    `${files.join(', ')}: ${figure(here)} of the ${many(segments, 'segment')} it covers. The others are not here, so the chain as a whole is not compared.`,
  'subject-here': ({ file }: { file: string }) => `${file} is one of its subjects.`,
  'chain-not-here': ({ chain }: { chain: string }) =>
    `The log is not here. Drop the log "${chain}" or the segments it covers.`,
  'other-bytes': ({
    given,
    segments,
    same,
    changedFromByte,
    stated,
  }: {
    given: readonly Given[];
    segments: number;
    same: number;
    changedFromByte: number;
    stated: string | null;
  }) => {
    const which =
      segments > 1
        ? ` ${same === 0 ? 'None' : figure(same)} of its ${figure(segments)} segments ${same === 1 ? 'is' : 'are'} the same; changed from byte ${figure(changedFromByte)} on.`
        : ` Stated is ${stated ?? ''}.`;
    return `It covers other bytes: ${given.map(({ file, sha256 }) => `${file} has SHA-256 ${sha256 ?? 'unknown'}`).join(', ')}.${which}`;
  },
  'excerpt-here': ({ file, records, sha256 }: { file: string; records: number; sha256: string }) =>
    `${file} has the SHA-256 it states for exactly the ${many(records, 'record')} it covers: ${sha256}.`,
  'part-not-verified': ({ records }: { records: number }) =>
    `It covers ${many(records, 'record')} of these, which are not verified by themselves here: add the excerpt of them. The log as a whole is verified below.`,
  'cut-in-a-line': ({ atByte }: { atByte: number }) =>
    `It ends at byte ${figure(atByte)}, within a line, so what follows cannot be separated from it.`,

  'verdicts-compared': ({ stated, found }: Verdicts) => `It states ${stated}; walked again here, it is ${found}.`,
  'verdict-of-the-rest': ({ stated, found }: Verdicts) =>
    `It states ${stated}, which the part that is here does not show: walked again here, it is ${found}. The rest of the chain may.`,
  'verdict-of-the-chain': ({ stated, found }: Verdicts) =>
    `It states ${stated}, which these records alone do not show: walked by themselves, they are ${found}. The chain they come from may.`,
  'seen-elsewhere': ({ stated, found, problems }: Verdicts & { problems: readonly string[] }) =>
    `It states ${stated} because of earlier heads or sidecar files (${problems.join(', ')}), which the log alone cannot show; walked again here, it is ${found}, as it states otherwise.`,
  'records-unchanged': ({ records }: { records: number }) =>
    `All ${many(records, 'record')} hash to what is stored with them. How they link is checked in the chain they come from.`,
  'records-changed': ({ records, changed, stated }: { records: number; changed: number; stated: Verdict }) =>
    `${figure(changed)} of the ${many(records, 'record')} do not hash to what is stored with them; it states ${stated}.`,

  'period-not-here': ({ segments }: { segments: number }) =>
    `Not all of the ${many(segments, 'segment')} with records of the period are here, nor the log they are of.`,
  'root-over-more': ({ records }: { records: number }) =>
    `${many(records, 'record')} are here, in the segments of the period: the root is over all of the chain.`,
  'too-few-records': ({ files, records }: { files: readonly string[]; records: number }) =>
    `${files.join(', ')} has only ${many(records, 'record')}.`,
  'record-here': ({ files }: { files: readonly string[] }) => `${files.join(', ')} holds it there, byte for byte.`,
  'record-not-here': ({
    logs,
  }: {
    logs: readonly {
      files: readonly string[];
      records: number;
      /** What is there instead, around the first byte that differs; null where the log is too short. */
      instead: { fromByte: number; proven: string; found: string } | null;
    }[];
  }) =>
    `${logs.map(({ files, records, instead }) => `${files.join(', ')} ${instead ? `holds another record there: from byte ${figure(instead.fromByte)} on, proven is ${JSON.stringify(instead.proven)} and there is ${JSON.stringify(instead.found)}` : `has only ${many(records, 'record')}`}`).join('; ')}.`,

  'claim-holds': ({ found, verdict, hasUncovered }: Again & { found: FoundBy }) =>
    `${foundWords(found)} ${againWords({ verdict, hasUncovered })}`,
  'claim-fails': ({
    found,
    verdict,
    hasUncovered,
  }: Again & { /** Null: only the chain around them is here. */ found: FoundBy | null }) =>
    `${found === null ? 'It is about some of these records, whose excerpt is not here.' : foundWords(found)} ${againWords({ verdict, hasUncovered })}`,
  'claim-on-a-piece': ({ found, verdict }: Again & { found: FoundBy }) =>
    `${foundWords(found)} What is here of it, walked again, is ${verdict}; the rest is not here.`,
  'no-log-here': () => 'Not checked: no log is here that it is about.',
  'worse-claimed': ({ verdict }: { verdict: Verdict }) =>
    `Walked again here, it is ${verdict}. The signer may have had earlier heads or sidecar files that are not here.`,
  'worse-level-claimed': ({ verdict }: { verdict: Verdict }) =>
    `Walked again here, it is ${verdict}. The signer may have had earlier heads or sidecar files that are not here.`,
  'level-compared': ({ verdict }: { verdict: Verdict }) => `Walked again here, it is ${verdict}.`,
  'not-shown-by-a-log': ({ property }: { property: string }) =>
    `Not checked here: ${PROPERTIES[property] ?? 'nothing is known here of what it means'}.`,
  'rules-not-run': ({ stated }: { stated: RulesStated }) =>
    `Not checked: rules are not run in the browser; ${rulesWords(stated)}.`,

  'tool-log-not-here': ({
    unit,
    id,
    count,
    noun,
    file,
  }: {
    unit: 'session' | 'run';
    id: string;
    count: number;
    noun: 'event' | 'record';
    file: string;
  }) => `The log of ${unit} ${id}, ${many(count, noun)}, is not here. Drop ${file}.`,
  'more-follow': ({ events }: { events: number }) =>
    `${many(events, 'event')} more follow in the log: appended after it was attested.`,

  'attested-by': ({ files }: { files: readonly string[] }) =>
    `${files.join(', ')} ${files.length === 1 ? 'covers' : 'cover'} these bytes; see there who signed.`,
  'attested-by-none': ({ files }: { files: readonly string[] }) => `No statement here covers ${files.join(', ')}.`,
  'sidecar-compared': ({ said }: { said: string }) => said,
} as const;

/** Why a property cannot be shown by a log. */
const PROPERTIES: Readonly<Record<string, string>> = {
  AUDIT_CHAIN_WITNESSED: 'only the signer knows which head of the chain it saw earlier',
  AUDIT_CHAIN_TOOL_ATTESTATION_VERIFIED:
    'it is about what other tools attested; drop their attestation with the log to have it checked',
  AUDIT_RULES_NO_HIGH_FINDINGS: 'rules are not run in the browser',
};

function valueWords(value: Comparable): string {
  if (value === null) return 'none';
  if (typeof value === 'object') return `${value.first} to ${value.last}, ${value.count} in all`;
  return typeof value === 'number' ? figure(value) : value;
}

function foundWords(found: FoundBy): string {
  if (found.by === 'tree')
    return `The first ${many(found.records, 'record')} of ${found.files.join(', ')} lead to the root ${found.rootHash} that it names.`;
  if (found.by === 'excerpt') return `${found.file} holds exactly the ${many(found.records, 'record')} it is about.`;
  return `${found.files.join(', ')} ${found.files.length === 1 ? 'has' : 'have'} a SHA-256 it names.`;
}

function noSubjectWords(named: readonly Subject[]): string {
  return `Nothing here has a digest it names: ${some(named.map(({ name, sha256 }) => `${name ?? 'without a name'} (${sha256 ?? 'no SHA-256'})`))}.`;
}

function againWords({ verdict, hasUncovered }: Again): string {
  return `Walked again here, it is ${verdict}${hasUncovered ? ', with content that no hash covers' : ''}.`;
}

function rulesWords(stated: RulesStated): string {
  if (stated.by === 'period') return `it states ${many(stated.findings, 'finding')} in the period`;
  if (stated.by === 'chain') return `it states ${many(stated.findings, 'finding')} of ${many(stated.rules, 'rule')}`;
  return `it says ${stated.result} of ${stated.rules} rules${stated.failed.length > 0 ? `, with serious findings of ${some(stated.failed)}` : ''}`;
}
