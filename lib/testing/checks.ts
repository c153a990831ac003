import { type Check, isMet } from '../core/checks/check';
import { reasonWords } from '../core/checks/reasons';
import type { StepId } from '../core/checks/steps';

type Checked = { steps: readonly Check[] };

/** The steps that do not leave it standing. */
export function unmetSteps({ steps }: Checked): StepId[] {
  return steps.filter((check) => !isMet(check)).map(({ step }) => step);
}

/** What a step says; undefined when there is none. */
export function wordsOf({ steps }: Checked, step: StepId): string | undefined {
  const check = steps.find((one) => one.step === step);
  return check && reasonWords(check.reason);
}
