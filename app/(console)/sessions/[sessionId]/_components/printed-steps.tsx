'use client';
import { useEffect } from 'react';
import { formatCount, formatNoun, formatUsd } from '@/app/_components/format/number';
import { Time } from '@/app/_components/time/time';
import { DecisionMark } from '@/app/_components/verdict/decision-mark';
import type { Cited } from './cited';
import { type Line, keyOf } from './use-line';

/** Steps that are put on paper; the address that is printed with them leads to the rest. */
const PRINTED = 500;

/** The steps as paper has them: the first of those shown, read while nobody waits. */
export function PrintedSteps({ line: { rows, steps, need }, cited }: { line: Line; cited: Cited }) {
  const wanted = Math.min(PRINTED, rows.steps);
  useEffect(() => {
    if (wanted === 0) return;
    const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 500));
    const cancel = window.cancelIdleCallback ?? window.clearTimeout;
    const handle = idle(() => need(0, wanted - 1));
    return () => cancel(handle);
  }, [wanted, need]);
  const listed = Array.from({ length: wanted }, (_, position) => steps.get(position) ?? null);
  const until = listed.findIndex((step) => step === null);
  const printed = (until < 0 ? listed : listed.slice(0, until)).flatMap((step) => step ?? []);
  return (
    <div className="hidden print:block">
      <h2 className="mb-1 font-medium">Steps</h2>
      <p className="mb-2 text-xs text-muted">
        {printed.length === rows.steps
          ? `All ${formatNoun(rows.steps, 'step')}.`
          : `The first ${formatCount(printed.length)} of ${formatNoun(rows.steps, 'step')}; the page itself has all of them.`}
      </p>
      <table className="w-full text-left text-xs">
        <thead>
          <tr className="border-b">
            {['Time', 'Decision', 'Tool', 'Target', 'Noted'].map((head) => (
              <th key={head} scope="col" className="py-1 pr-3 font-medium text-faint">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {printed.map((step) => (
            <tr key={keyOf(step)} className="border-b align-top">
              <td className="py-0.5 pr-3 whitespace-nowrap">
                {step.recordedAt ? <Time at={step.recordedAt} as="second" /> : 'no time'}
              </td>
              <td className="py-0.5 pr-3">
                <DecisionMark decision={step.decision} />
              </td>
              <td className="py-0.5 pr-3 [overflow-wrap:anywhere]">{step.tool || step.kind}</td>
              <td className="py-0.5 pr-3 [overflow-wrap:anywhere]">{(step.target || step.reason).slice(0, 300)}</td>
              <td className="py-0.5">{notesOf(step, cited).join('; ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function notesOf(
  step: Parameters<typeof keyOf>[0] & { secretsRedacted: number; costUsd: number; integrity: string },
  cited: Cited,
): string[] {
  return [
    ...(step.secretsRedacted > 0 ? [`${formatNoun(step.secretsRedacted, 'secret')} redacted`] : []),
    ...(step.costUsd > 0 ? [formatUsd(step.costUsd)] : []),
    ...(step.integrity === 'ok' ? [] : [step.integrity.replaceAll('-', ' ')]),
    ...cited.of(step).map(({ title }) => title),
  ];
}
