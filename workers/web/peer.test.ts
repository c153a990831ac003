import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { peerReader } from './peer';

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    connection: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage; // all that is read

it.each([
  ['', '198.51.100.7', '203.0.113.9', '198.51.100.7'],
  ['loopback', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['loopback', '127.0.0.1', '10.1.2.3, 203.0.113.9', '203.0.113.9'],
  ['loopback, 10.0.0.0/8', '127.0.0.1', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['loopback', '198.51.100.7', '203.0.113.9', '198.51.100.7'],
  ['loopback', '127.0.0.1', undefined, '127.0.0.1'],
])('behind "%s", a connection of %s that forwards %s is of %s', (trusted, address, forwarded, peer) => {
  expect(peerReader(trusted)(from(address, forwarded))).toBe(peer);
});

it('refuses what is no address', () => {
  expect(() => peerReader('the proxy')).toThrow();
});
