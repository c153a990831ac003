import { attest } from './attest';
import { attestRequest } from './attest-request';
import { backfill } from './backfill-rule';
import { check } from './check';
import { close } from './close-tail';
import { deliverDue } from './deliver-notifications';
import { deleteExpired } from './delete-chain';
import { detect } from './detect';
import { detectOpen } from './detect-tail';
import { join } from './join';
import { followReference } from './follow-reference';
import { load } from './load';
import { loadOpen } from './load-tail';
import { pack } from './make-package';
import { keepReport } from './make-report-run';
import { publish } from './publish-log';

/** Every job a worker takes. */
export const JOBS = [
  check,
  join,
  load,
  detect,
  attest,
  attestRequest,
  followReference,
  close,
  loadOpen,
  detectOpen,
  pack,
  keepReport,
  deleteExpired,
  publish,
  backfill,
  deliverDue,
] as const;
