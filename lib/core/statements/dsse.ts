export const STATEMENT_MEDIA_TYPE = 'application/vnd.in-toto+json';

const encoder = new TextEncoder();

/** Pre-authentication encoding: the bytes a DSSE signature covers. github.com/secure-systems-lab/dsse protocol.md, DSSEv1. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const header = encoder.encode(`DSSEv1 ${encoder.encode(payloadType).length} ${payloadType} ${payload.length} `);
  const bytes = new Uint8Array(header.length + payload.length);
  bytes.set(header);
  bytes.set(payload, header.length);
  return bytes;
}

/**
 * JSON with keys in order of their UTF-16 units at every depth and no spaces: equal values give equal bytes.
 * Keys whose value is undefined are left out. @throws TypeError for what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON holds no NaN and no infinity');
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`JSON holds no ${typeof value}`);
  return text;
}

/** The payload to sign for a statement. */
export function statementPayload(statement: object): Uint8Array {
  return encoder.encode(canonicalJson(statement));
}
