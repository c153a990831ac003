import { type Bundle, bundleToJSON } from '@sigstore/bundle';
import { canonicalJson } from '../../core/statements/dsse';

/** A bundle as a file holds it, without a newline: JSON with its members in order (RFC 8785). */
export function bundleJson(bundle: Bundle): string {
  return canonicalJson(bundleToJSON(bundle));
}
