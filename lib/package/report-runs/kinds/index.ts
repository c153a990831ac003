import type { ReportKind } from '../../../schemas/report-definitions';
import { controls } from './controls';
import { governance } from './governance';
import { incident } from './incident';
import { integrity } from './integrity';
import type { RunKind } from './run-kind';
import { usage } from './usage';

export const RUN_KINDS: Readonly<Record<ReportKind, RunKind>> = { controls, governance, incident, integrity, usage };
