import { FORMATS } from './formats';
import { SIDECARS } from './sidecars/kinds';
import { COMPANIONS } from './statements/predicates';

/** What each format says of itself that people read. Browsers get it as plain data, `known.browser.ts`: what reads and checks logs stays here. */
export const KNOWN_FORMATS = FORMATS.map(({ id, label, referenceVerifier, referenceVerifierName, sidecars }) => ({
  id,
  label,
  /** What the verifier is called that is followed over a log; null where there is none. */
  verifierName: referenceVerifier ? (referenceVerifierName ?? `${label}’s own verifier`) : null,
  /** What its tool writes beside its log, as the end of a sentence; null where it writes nothing there. */
  sidecarFiles: sidecars?.files ?? null,
  /** Of the button by which such files are added. */
  sidecarAction: sidecars?.action ?? 'Add a file …',
  /** How what there is besides one growing file is sent as a whole; null where there is nothing. */
  wholeArchive: sidecars?.whole ?? null,
  /** What its tool signs, and with what; null where it signs nothing. */
  signs: sidecars?.signs ? { each: sidecars.signs.each, algorithm: sidecars.signs.algorithm } : null,
}));
export const KNOWN_SIDECARS = SIDECARS.map(({ kind, label }) => ({ kind, label }));
export const KNOWN_COMPANIONS = COMPANIONS.map(({ id, label }) => ({ id, label }));
