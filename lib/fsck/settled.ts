import { setTimeout as pause } from 'node:timers/promises';
import type { Drift, Reporter } from './drift';

const TRIES = 5;
const FIRST_PAUSE_MS = 200;

/** Where something stands: equal texts are the same state. `isIdle`: no job is still to bring one part in line with another. */
export type Standing = { text: string; isIdle: boolean };

/** Does work while nobody changes what it is about. */
export type HoldStill = (work: () => Promise<boolean>) => Promise<boolean>;

/**
 * Examines what may change while it is looked at. What is found to differ counts when the thing stood still meanwhile and no work on it is under
 * way; otherwise it is looked at again, a little later each time, and at last while it is held still, if it can be. Gives whether it ever stood still
 * long enough to be told of.
 */
export async function examineSettled(
  report: Reporter,
  standing: () => Promise<Standing>,
  examine: (report: Reporter) => Promise<void>,
  still: HoldStill = (work) => work(),
): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const drifts: (Omit<Drift, 'at'> & { at?: Drift['at'] })[] = [];
    const look = async (): Promise<boolean> => {
      const before = await standing();
      await examine({
        ...report,
        examined: attempt === 0 ? report.examined : { ...report.examined },
        drift: (drift) => void drifts.push(drift),
      });
      const after = await standing();
      return drifts.length === 0 || (before.text === after.text && before.isIdle && after.isIdle);
    };
    if (await (attempt === TRIES - 1 ? still(look) : look())) {
      for (const drift of drifts) report.drift(drift);
      return true;
    }
    await pause(FIRST_PAUSE_MS * (attempt + 1));
  }
  return false;
}
