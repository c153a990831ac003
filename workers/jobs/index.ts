import { attest } from './attest';
import { check } from './check';
import { close } from './close-tail';
import { detect } from './detect';
import { detectOpen } from './detect-tail';
import { join } from './join';
import { original } from './original';
import { load } from './load';
import { loadOpen } from './load-tail';

/** Every job a worker takes. */
export const JOBS = [check, join, load, detect, attest, original, close, loadOpen, detectOpen] as const;
