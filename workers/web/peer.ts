import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

/**
 * Tells who connects: the address of the connection, or, behind the proxies named (addresses, CIDR ranges, `loopback`, `linklocal`, `uniquelocal`,
 * separated by commas), the last in X-Forwarded-For that is none of them. Anybody may write that header: nobody else's is read.
 * @throws TypeError for what is no address.
 */
export function peerReader(trustedProxies: string): (request: IncomingMessage) => string {
  const trusted = trustedProxies.split(/[\s,]+/).filter((entry) => entry !== '');
  const trust = proxyAddr.compile(trusted);
  return (request) =>
    trusted.length > 0 && request.socket.remoteAddress
      ? proxyAddr(request, trust)
      : (request.socket.remoteAddress ?? 'unknown');
}
