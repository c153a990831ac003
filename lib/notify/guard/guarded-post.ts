import 'server-only';
import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { type LookupFunction, isIP } from 'node:net';
import type { AddressGuard } from './address-guard';

const KEPT_BYTES = 1024;
const MOST_READ_BYTES = 64 * 1024;

/** Where a name leads, now. */
export type Resolve = (host: string) => Promise<readonly string[]>;
export const resolveHost: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** That nothing was sent, as the address is none that may be told. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

export type Posted = { status: number /** Its first KiB. */; answer: string; retryAfter: string | null };
type Sent = { body: string; headers: Readonly<Record<string, string>> };
type Ways = { guard: AddressGuard; resolve: Resolve; timeoutMs: number };

/**
 * Posts to an address outside. A name is asked for once, every address it leads to is held against the guard, and the connection goes to one of those and
 * to no other: a name that leads elsewhere the next time is not asked again. Redirects are answers, and not followed; no proxy is used.
 * @throws RefusedAddress, or the network's own error.
 */
export async function guardedPost(url: URL, sent: Sent, { guard, resolve, timeoutMs }: Ways): Promise<Posted> {
  const signal = AbortSignal.timeout(timeoutMs);
  const addresses = await allowedAddresses(url, guard, resolve, signal);
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise<Posted>((settle, fail) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent: false,
        lookup: pinned(addresses),
        signal,
        headers: { ...sent.headers, 'content-length': String(Buffer.byteLength(sent.body)) },
      },
      (answer) => void readAnswer(answer).then(settle, fail),
    );
    outgoing.on('error', fail);
    outgoing.end(sent.body);
  });
}

/** @throws RefusedAddress. */
async function allowedAddresses(url: URL, guard: AddressGuard, resolve: Resolve, signal: AbortSignal) {
  if (url.username || url.password) throw new RefusedAddress('an address with a name and a password in it is not used');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) ? [host] : await before(signal, resolve(host));
  const refused = addresses.find((address) => !guard.isAllowed(address));
  if (refused !== undefined)
    throw new RefusedAddress(
      `${host} is at ${refused}, which is no public address; an operator allows it by SEALTRAIL_NOTIFY_ALLOW`,
    );
  if (url.protocol !== 'https:' && !addresses.every((address) => guard.isListed(address)))
    throw new RefusedAddress('http is only for addresses that an operator allows by SEALTRAIL_NOTIFY_ALLOW; use https');
  return addresses;
}

/** Answers every question for an address with those that were checked. */
function pinned(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, { all }, answer) => {
    const [first] = known;
    if (!first) answer(Object.assign(new Error('the name leads nowhere'), { code: 'ENOTFOUND' }), '');
    else if (all) answer(null, known);
    else answer(null, first.address, first.family);
  };
}

/** Its first KiB; the rest of a long one is not waited for. */
async function readAnswer(answer: IncomingMessage): Promise<Posted> {
  const kept: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (sizeBytes < KEPT_BYTES) kept.push(chunk.subarray(0, KEPT_BYTES - sizeBytes));
    sizeBytes += chunk.length;
    if (sizeBytes > MOST_READ_BYTES) break;
  }
  return {
    status: answer.statusCode ?? 0,
    answer: Buffer.concat(kept).toString('utf8'),
    retryAfter: answer.headers['retry-after'] ?? null,
  };
}

/** What is awaited, unless the time is up. @throws the signal's reason. */
async function before<T>(signal: AbortSignal, wanted: Promise<T>): Promise<T> {
  return new Promise<T>((settle, fail) => {
    signal.addEventListener('abort', () => fail(signal.reason), { once: true });
    wanted.then(settle, fail);
  });
}
