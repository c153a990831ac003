import { type Reason, reasonWords } from './reasons';
import { type About, STEPS, type StepId } from './steps';

export const STATUSES = ['passed', 'failed', 'skipped'] as const;
export type Status = (typeof STATUSES)[number];
/** How one step came out, and why: all of it values. */
export type Check = { step: StepId; about?: About; status: Status; reason: Reason };
export type CheckResult = Pick<Check, 'status' | 'reason'>;
/** The same with what it says, for people. */
export type DescribedCheck = Check & { title: string; detail: string };

export const passed = (reason: Reason): CheckResult => ({ status: 'passed', reason });
export const skipped = (reason: Reason): CheckResult => ({ status: 'skipped', reason });
export const failed = (reason: Reason): CheckResult => ({ status: 'failed', reason });

/** Ends a step that failed, from wherever in it that is found. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly reason: Reason,
    options?: ErrorOptions,
  ) {
    super(reasonWords(reason), options);
  }
}

/** Runs a step. What it throws fails it: a refusal by its own reason, anything else by that of `otherwise`. */
export function runCheck(run: () => CheckResult, otherwise: (error: unknown) => Reason = unreadable): CheckResult {
  try {
    return run();
  } catch (error) {
    return failed(reasonOf(error, otherwise));
  }
}

/** What was thrown, as a reason. */
export function reasonOf(error: unknown, otherwise: (error: unknown) => Reason = unreadable): Reason {
  return error instanceof Refusal ? error.reason : otherwise(error);
}

/** Of what a parser of the platform or of a library says. */
function unreadable(error: unknown): Reason {
  return { code: 'unreadable', error: null, said: error instanceof Error ? error.message : String(error) };
}

/** Skipped for one of these, a step takes nothing away: nobody asked for it. */
const NOT_ASKED_FOR: ReadonlySet<Reason['code']> = new Set<Reason['code']>(['not-required', 'no-log-key']);

/** Whether a step leaves a check standing. */
export function isMet({ status, reason }: { status: Status; reason: { code: Reason['code'] } }): boolean {
  return status === 'passed' || (status === 'skipped' && NOT_ASKED_FOR.has(reason.code));
}

export function titleOf({ step, about = {} }: Pick<Check, 'step' | 'about'>): string {
  return STEPS[step](about);
}

/** `<title>: <detail>` of a step, in words. */
export function checkWords(check: Check): string {
  return `${titleOf(check)}: ${reasonWords(check.reason)}`;
}

export function described<C extends Check>(check: C): C & DescribedCheck {
  return { ...check, title: titleOf(check), detail: reasonWords(check.reason) };
}
