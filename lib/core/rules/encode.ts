import { toBase64 } from '../base64';
import { storableText } from '../text/storable';
import type { Pattern } from './rule';

/** Of sigma-appendix-modifiers.md, "Encoding". `wide` is `utf16le`. */
export const ENCODINGS = ['wide', 'utf16le', 'utf16be', 'utf16', 'base64', 'base64offset'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The bytes of a value, until they are written as text. */
type Encoded = { bytes: Uint8Array; isText: boolean };

/**
 * A value in every form that encodings give it, applied in their order; base64 at an unknown offset has three. Returns a sentence where it cannot be
 * encoded.
 */
export function encode(pattern: Pattern, encodings: readonly Encoding[]): Pattern[] | string {
  if (encodings.length === 0) return [pattern];
  const [only] = pattern;
  if (pattern.length !== 1 || typeof only !== 'object') return 'a value that is encoded must be text without wildcards';
  let forms: Encoded[] = [{ bytes: new TextEncoder().encode(only.text), isText: true }];
  for (const encoding of encodings) {
    if (/^(wide|utf16)/.test(encoding)) {
      if (forms.some(({ isText }) => !isText)) return `"${encoding}" takes text, not what an encoding made of it`;
      forms = forms.map(({ bytes }) => ({ bytes: utf16(new TextDecoder().decode(bytes), encoding), isText: false }));
    } else if (encoding === 'base64') {
      forms = forms.map(({ bytes }) => ({ bytes: new TextEncoder().encode(toBase64(bytes)), isText: true }));
    } else {
      forms = forms
        .flatMap(({ bytes }) => atOffsets(bytes))
        .map((text) => ({ bytes: new TextEncoder().encode(text), isText: true }));
    }
  }
  if (forms.some(({ bytes, isText }) => !isText && bytes.some((byte) => byte > 0x7f)))
    return 'UTF-16 of other than ASCII is no text to search for unless base64 follows';
  // as the lake holds what the bytes of UTF-16 are as text
  return forms.map(({ bytes }) => [{ text: storableText(new TextDecoder().decode(bytes)) }]);
}

function utf16(text: string, encoding: Encoding): Uint8Array {
  const units = encoding === 'utf16' ? `\u{feff}${text}` : text;
  const view = new DataView(new ArrayBuffer(units.length * 2));
  for (let at = 0; at < units.length; at += 1) view.setUint16(at * 2, units.charCodeAt(at), encoding !== 'utf16be');
  return new Uint8Array(view.buffer);
}

/** What is the same of the base64 of any text that holds these bytes, where they begin at a multiple of three, one behind it, or two. */
function atOffsets(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    // the first character that is of these bytes alone, and the last
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    return toBase64(padded).slice(from, to);
  });
}
