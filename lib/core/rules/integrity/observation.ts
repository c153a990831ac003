import { PROBLEM_CODES } from '../../chain/problem';
import { ALARM_KINDS } from '../../chain/tail-alarm';

/**
 * What is seen of a chain beside what its records say, and the values it has. `problem`: of its check; `alarm`: what a forwarder saw happen to its log;
 * `waiting`: for whom it waits, its sender, who said that there is more, or its attestation, which its policy wants by now.
 */
export const OBSERVED = { problem: PROBLEM_CODES, alarm: ALARM_KINDS, waiting: ['sender', 'attestation'] } as const;
export type Observed = keyof typeof OBSERVED;
export type Observation = { [F in Observed]: { field: F; value: (typeof OBSERVED)[F][number] } }[Observed];
