import { attest } from './attest';
import { check } from './check';
import { detect } from './detect';
import { join } from './join';
import { original } from './original';
import { load } from './load';

/** Every job a worker takes. */
export const JOBS = [check, join, load, detect, attest, original] as const;
