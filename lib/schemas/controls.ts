import * as z from 'zod';
import { Instant, Period, RequestedPeriod } from './common';

/** Stands on every page, print, answer and file of control evidence. */
export const NO_DETERMINATION = 'Evidence, not a compliance determination';

/** Frameworks there is a file of, in the order they are listed. */
export const FrameworkId = z.enum([
  'eu-ai-act',
  'soc-2',
  'iso-27001',
  'nist-800-53',
  'pci-dss',
  'nist-ai-rmf',
  'iso-42001',
  'iso-24970',
  'pren-18229-1',
  'finos-air',
]);
export type FrameworkId = z.infer<typeof FrameworkId>;

/** How far a figure can be believed without us, strongest first. A control is as strong as the weakest figure it rests on. */
export const STRENGTHS = {
  recomputable: {
    label: 'Recomputable by a third party',
    meaning:
      'Anybody gets the same figure from the stored bytes, which are handed out, with public tools. This installation need not be trusted.',
  },
  signed: {
    label: 'Signed by this installation',
    meaning:
      'Stands in a signed statement or in the signed log. Anybody can check the signature; it is worth as much as the keeping of the key.',
  },
  stated: {
    label: 'Stated by the guardrail',
    meaning:
      'Read from fields of records. The chain shows that nobody changed them since they were written, not that they were true or complete then.',
  },
  kept: {
    label: 'Kept by this installation',
    meaning:
      'Rows of this installation’s database: what people decided, that a key was retired among it, and when rules looked. The stored bytes do not give them again.',
  },
  'not-evidenced': {
    label: 'Not evidenced here',
    meaning: 'Nothing here answers it. It is named so that nobody takes its absence for an answer.',
  },
} as const;
export const Strength = z.enum(Object.keys(STRENGTHS) as [Strength, ...Strength[]]); // its own keys
export type Strength = keyof typeof STRENGTHS;

/** Figures that controls name, in the order they are shown. */
export const FigureId = z.enum([
  'records-recorded',
  'accesses-denied',
  'time-covered',
  'oldest-day',
  'chains-by-verdict',
  'records-attested',
  'clock-steps',
  'stored-evidence',
  'log-head',
  'signing-keys',
  'rule-looks',
  'findings-by-status',
  'time-to-acknowledge',
  'time-to-decide',
]);
export type FigureId = z.infer<typeof FigureId>;

/** What a value counts; `seconds` is a length of time, `instant` a time. */
const Unit = z.enum([
  'records',
  'steps',
  'chains',
  'objects',
  'entries',
  'keys',
  'looks',
  'runs',
  'findings',
  'seconds',
  'instant',
]);
/** A count or seconds; a time where the unit is `instant`. Null where there is nothing it could be of. */
const Value = z.union([z.number(), Instant]).nullable();
/** The address of the page, list or file that has its rows. */
const Href = z.string();

const FigurePart = z.object({ label: z.string(), unit: Unit, value: Value, href: Href });
export type FigurePart = z.infer<typeof FigurePart>;
export const ControlFigure = z.object({
  id: FigureId,
  label: z.string(),
  /** What is counted, in a sentence. */
  counts: z.string(),
  strength: Strength,
  /** Whether it is of the period, or as it stands when it is read. */
  of: z.enum(['period', 'now']),
  unit: Unit,
  value: Value,
  /** How many there are in all, where the value is a part of them. */
  total: z.number().nullable(),
  href: Href,
  parts: z.array(FigurePart),
});
export type ControlFigure = z.infer<typeof ControlFigure>;

const Text = z.string().trim().min(1);
/** A control as its framework's file has it, in our own words. */
const Control = z.strictObject({
  /** As the framework numbers it. */
  id: Text,
  title: Text,
  asks: Text,
  /** How the figures answer it. */
  answers: Text,
  figures: z.array(FigureId).default([]),
  notCovered: Text,
  /** Who has to show that. */
  shownBy: Text,
});

/** One file of `lib/reports/controls/frameworks/`. */
export const Framework = z.strictObject({
  id: FrameworkId,
  title: Text,
  /** The document, with its edition. */
  reference: Text,
  publisher: Text,
  standing: z.enum(['law', 'standard', 'framework', 'draft']),
  /** Of the newest source, up to which this is known: a year, a month or a day. */
  asOf: z.string().regex(/^\d{4}(-\d\d(-\d\d)?)?$/, 'must be a year, a month or a day, as 2026-07'),
  sources: z.array(z.strictObject({ title: Text, url: z.url({ protocol: /^https$/ }) })).min(1),
  notes: z.array(Text).default([]),
  dates: z.array(z.strictObject({ date: z.iso.date(), what: Text })).default([]),
  controls: z.array(Control).min(1),
});
export type Framework = z.infer<typeof Framework>;

/** What of the records of a period answers each control of a framework. */
export const ControlEvidence = z.object({
  statement: z.literal(NO_DETERMINATION),
  framework: Framework.omit({ controls: true }),
  period: Period,
  generatedAt: Instant,
  strengths: z.array(z.object({ id: Strength, label: z.string(), meaning: z.string() })),
  /** Every figure that a control names, once. */
  figures: z.array(ControlFigure),
  controls: z.array(Control.extend({ figures: z.array(FigureId), strength: Strength })),
});
export type ControlEvidence = z.infer<typeof ControlEvidence>;

export const FrameworkParams = z.object({ framework: FrameworkId });
export const ControlEvidenceQuery = RequestedPeriod;
/** `bom=1` for Excel. */
export const ControlsCsvQuery = RequestedPeriod.and(z.object({ bom: z.stringbool().default(false) }));

/** Control evidence as it is kept: what a saved report made of it. */
export const ControlsReport = ControlEvidence.extend({
  kind: z.literal('controls'),
  definition: z.object({ name: z.string(), timeZone: z.string() }),
});
export type ControlsReport = z.infer<typeof ControlsReport>;
