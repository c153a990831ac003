import { clsx } from 'clsx';
import { EyeOff, Siren } from 'lucide-react';
import { memo } from 'react';
import { formatCompact, formatCount, formatNoun, formatUsd } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { DECISION_LOOK } from '@/app/_components/verdict/decisions';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import { IntegrityMark } from '@/app/_components/verdict/integrity-mark';
import { LEVEL_LOOK } from '@/app/_components/verdict/levels';
import type { Session } from '@/lib/schemas/sessions';
import { type StepItem, keyOf } from './use-line';

/** One step on the line; denied and redacted ones stand out. Null while it is being read. */
export const StepRow = memo(function StepRow({
  position,
  total,
  top,
  height,
  step,
  isChosen,
  isDated,
  findings,
  onChoose,
}: {
  position: number;
  total: number;
  top: number;
  height: number;
  step: StepItem | null;
  isChosen: boolean;
  /** A heading above it says the day. */
  isDated: boolean;
  findings: Session['findings'];
  onChoose: (step: string, open: boolean) => void;
}) {
  const isDenied = step?.decision === 'deny';
  const isRedacted = (step?.secretsRedacted ?? 0) > 0;
  return (
    <div
      role="listitem"
      aria-setsize={total}
      aria-posinset={position + 1}
      aria-current={isChosen ? 'step' : undefined}
      data-row={position}
      onClick={() => step && onChoose(keyOf(step), true)}
      className={clsx(
        'absolute inset-x-0 grid cursor-pointer items-center gap-x-3 border-b px-4 hover:bg-hover',
        'grid-cols-[0.75rem_auto_auto_1fr] max-sm:py-1.5 sm:grid-cols-[0.75rem_8.75rem_5.5rem_minmax(5rem,9rem)_minmax(0,1fr)_auto]',
        isDenied && 'bg-d-deny/8',
        isRedacted && !isDenied && 'bg-d-transform/8',
        isChosen && 'shadow-[inset_3px_0_0_var(--color-focus)]',
      )}
      style={{ top, height }}
    >
      <Dot step={step} />
      <span className="whitespace-nowrap tabular">
        <button
          type="button"
          onClick={(click) => {
            click.stopPropagation();
            if (step) onChoose(keyOf(step), true);
          }}
          className="link min-h-6"
        >
          {step === null ? (
            '…'
          ) : step.recordedAt ? (
            <Time at={step.recordedAt} as={isDated ? 'time' : 'second'} />
          ) : (
            'no time'
          )}
        </button>
      </span>
      {step && <Step step={step} findings={findings} />}
    </div>
  );
});

/** Its place on the line: a mark of the decision, larger where it stands out. */
function Dot({ step }: { step: StepItem | null }) {
  const standsOut = step !== null && (step.decision === 'deny' || step.secretsRedacted > 0);
  return (
    <span aria-hidden className="relative self-stretch max-sm:-my-1.5 max-sm:row-span-2">
      <span className="absolute inset-y-0 left-1/2 -ml-px border-l-2 border-line" />
      <span
        className={clsx(
          'absolute top-1/2 left-1/2 -translate-1/2 ring-2 ring-surface',
          standsOut ? 'size-2.5 rounded-[2px]' : 'size-1.5 rounded-full',
        )}
        style={{ background: step ? DECISION_LOOK[step.decision].tone : 'var(--color-line)' }}
      />
    </span>
  );
}

function Step({ step, findings }: { step: StepItem; findings: Session['findings'] }) {
  const what = step.target || step.reason || step.kind;
  const tool = step.tool || step.kind;
  const [worst] = findings;
  return (
    <>
      <span className={clsx(step.decision === 'deny' && 'font-medium text-d-deny')}>
        <DecisionMark decision={step.decision} />
      </span>
      <span className="truncate font-medium max-sm:hidden" title={tool}>
        {tool}
      </span>
      <span
        className="min-w-0 truncate text-muted max-sm:col-span-3 max-sm:col-start-2 max-sm:row-start-2"
        title={what}
      >
        <span className="font-medium text-ink sm:hidden">{tool} </span>
        {what}
      </span>
      <span className="flex items-center justify-end gap-2.5 text-xs whitespace-nowrap text-muted tabular">
        {step.inputTokens + step.outputTokens > 0 && (
          <span
            className="max-lg:hidden"
            title={`${formatCount(step.inputTokens)} tokens in, ${formatCount(step.outputTokens)} out`}
          >
            {formatCompact(step.inputTokens + step.outputTokens)} tokens
          </span>
        )}
        {step.costUsd > 0 && <span className="max-lg:hidden">{formatUsd(step.costUsd)}</span>}
        {step.secretsRedacted > 0 && (
          <span className="inline-flex items-center gap-1 font-medium text-d-transform">
            <EyeOff size={13} aria-hidden />
            <span className="max-sm:sr-only">{formatNoun(step.secretsRedacted, 'secret')}</span>
          </span>
        )}
        {worst && (
          <span
            title={findings.map(({ title }) => title).join(', ')}
            style={{ color: LEVEL_LOOK[worst.level].tone }}
            className="inline-flex max-w-56 items-center xl:max-w-72 gap-1 font-medium"
          >
            <Siren size={13} aria-hidden className="shrink-0" />
            <span className="truncate max-sm:sr-only">
              {worst.title}
              {findings.length > 1 && ` and ${findings.length - 1} more`}
            </span>
          </span>
        )}
        {step.integrity !== 'ok' && <IntegrityMark integrity={step.integrity} />}
      </span>
    </>
  );
}
