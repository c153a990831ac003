import type { Pattern } from './rule';

/** A pattern as a Sigma string, which `parsePattern` reads as the same. */
export function writePattern(pattern: Pattern): string {
  return pattern
    .map((part) => (part === 'any' ? '*' : part === 'one' ? '?' : part.text.replaceAll(/[*?\\]/g, String.raw`\$&`)))
    .join('');
}
