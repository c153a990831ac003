import type { Hasher } from '../../chain/format';
import type { ReferenceFinding, ReferenceWalk } from '../../chain/reference-verifier';
import { readTree } from '../../json/tree';
import { goEventText, goString, readGoEvent } from './event';

const encoder = new TextEncoder();
/** Go reads bytes that are no UTF-8 as U+FFFD. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const STYLE = { shortEscapes: true, numbers: 'float64' } as const;

/** `agentfence audit verify` as built with Go 1.22 or newer: the first failure ends it; counts the lines that are not blank. */
export function referenceAgentFence(hasher: Hasher): ReferenceWalk {
  let events = 0;
  let chainStart: number | null = null;
  let head = '';
  let failure: ReferenceFinding | null = null;

  function check(written: string): void {
    const fail = (message: string, verdict: ReferenceFinding['verdict'] = 'failed') => {
      failure = { verdict, line: events, message: `audit: event ${events}: ${message}` };
    };
    const refusal = syntaxRefusal(written);
    if (refusal !== null) return fail(`invalid JSON: ${refusal}`, 'corrupt');
    const tree = readTree(written);
    const event = tree ? readGoEvent(tree) : { refusal: 'exceeded max depth' };
    if ('refusal' in event) return fail(`invalid JSON: ${event.refusal}`, 'corrupt');
    const [hash, prev] = [goString(event, 'hash'), goString(event, 'prev_hash')];
    if (hash === '' && prev === '') {
      if (chainStart !== null) fail('event is missing hash fields in a chained log (possible truncation or tampering)');
      return;
    }
    chainStart ??= events;
    const covered = goEventText(event, STYLE, { sealed: false });
    const recomputed = covered === null ? '' : hasher.sha256(encoder.encode(covered));
    if (recomputed !== hash) return fail(`hash mismatch: claimed ${quoted(hash)}, recomputed ${quoted(recomputed)}`);
    if (prev !== head)
      return fail(`prev_hash mismatch: event records ${quoted(prev)}, previous event's hash was ${quoted(head)}`);
    head = hash;
  }

  return {
    line({ bytes, tooLong }) {
      if (failure) return;
      const written = tooLong ? 'x' : utf8.decode(bytes).replace(/\r+$/, '');
      if (isWhite(written)) return;
      events += 1;
      if (tooLong) failure = { verdict: 'not-followed', line: events, message: 'the line is longer than is read here' };
      else check(written);
    },
    pass({ lines, prev, hash }) {
      if (failure) return true;
      if (prev !== head) return false;
      chainStart ??= events + 1;
      events += lines;
      head = hash;
      return true;
    },
    end() {
      if (failure) return failure;
      if (chainStart === null && events > 0)
        return { verdict: 'unchained', line: null, message: `PARSED: ${events} event(s); chain absent` };
      if (chainStart !== null && chainStart > 1) {
        return {
          verdict: 'partial',
          line: chainStart,
          message: `audit: chain starts at event ${chainStart} of ${events}; events 1..${chainStart - 1} are not integrity-protected`,
        };
      }
      return { verdict: 'ok', line: null, message: `OK: ${events} event(s) verified` };
    },
  };
}

/** Why Go takes a text for no JSON; null when it takes it. */
function syntaxRefusal(written: string): string | null {
  try {
    JSON.parse(written);
    return null;
  } catch (error) {
    // oxlint-disable-next-line house/no-decision-on-words -- V8 has no codes: it says of every text that merely stops too early that it is unterminated, or ends
    return error instanceof SyntaxError && /^Unterminated|^Unexpected end/.test(error.message)
      ? 'unexpected end of JSON input'
      : 'the text is malformed';
  }
}

function isWhite(text: string): boolean {
  return text.trim() === '' && !text.includes('\uFEFF');
}

/** As Go's `%q`, for what hashes are made of. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
