import { BlockList, isIP } from 'node:net';
import type { Network } from '../../config/notify-env';

/** IPv4 that is not the public internet: RFC 6890 and the IANA registry of special-purpose addresses, multicast and what is reserved. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** All of IPv6 that is public is in here, but for what leads to an IPv4 address or to nowhere. */
const PUBLIC_6 = '2000::/3';
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

export type AddressGuard = {
  /** Public, or one that an operator allows. */
  isAllowed(address: string): boolean;
  /** Allowed by an operator, whatever it is. */
  isListed(address: string): boolean;
};

/** Which addresses a connection may be made to. */
export function addressGuard(networks: readonly Network[]): AddressGuard {
  const listed = new BlockList();
  for (const { address, bits, family } of networks) listed.addSubnet(address, bits, family);
  const isListed = (address: string) => listed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return { isListed, isAllowed: (address) => isListed(address) || isPublic(address) };
}

const four = listOf(NOT_PUBLIC_4, 'ipv4');
const six = listOf(NOT_PUBLIC_6, 'ipv6');
const global = listOf([PUBLIC_6], 'ipv6');

/** An IPv4 address in IPv6, mapped, compatible or translated (`::ffff:`, `::`, `64:ff9b::`), is none: these have other ways to the same place. */
function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !four.check(address, 'ipv4');
    case 6:
      return global.check(address, 'ipv6') && !six.check(address, 'ipv6');
    default:
      return false;
  }
}

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
