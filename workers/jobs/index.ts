import { attest } from './attest';
import { attestRequest } from './attest-request';
import { check } from './check';
import { close } from './close-tail';
import { detect } from './detect';
import { detectOpen } from './detect-tail';
import { join } from './join';
import { original } from './original';
import { load } from './load';
import { loadOpen } from './load-tail';
import { pack } from './make-package';
import { publish } from './publish-log';

/** Every job a worker takes. */
export const JOBS = [
  check,
  join,
  load,
  detect,
  attest,
  attestRequest,
  original,
  close,
  loadOpen,
  detectOpen,
  pack,
  publish,
] as const;
