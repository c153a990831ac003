import type { ReportKind } from '../schemas/report-definitions';
import { controls } from './controls';
import type { DerivedKind } from './derived';
import { governance } from './governance';
import { incident } from './incident';
import { integrity } from './integrity';
import { usage } from './usage';

/** How each kind is derived from records. */
export const DERIVED: Readonly<Record<ReportKind, DerivedKind>> = { governance, integrity, usage, controls, incident };
