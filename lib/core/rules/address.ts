/** Without leading zeros, which some read as octal. */
const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
/** The IPv6 addresses that IPv4 addresses map to, RFC 4291 section 2.5.5.2. */
const MAPPED = 0xffff_0000_0000n;

/** An address as a number of 128 bits; an IPv4 address is the IPv6 address it maps to. Null for anything else. */
export function addressOf(text: string): bigint | null {
  const four = fourOf(text);
  if (four !== null) return MAPPED | four;
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return null;
  const [before = [], after = []] = halves.map((half, index) =>
    half === '' ? [] : groupsOf(half.split(':'), index === halves.length - 1),
  );
  if (before === null || after === null) return null;
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...before, ...Array.from({ length: missing }, () => 0n), ...after].reduce(
    (sum, group) => (sum << 16n) | group,
    0n,
  );
}

/** The first and the last address of a network in CIDR notation, RFC 4632 and 4291 section 2.3; null when it is none, or has bits beyond its prefix. */
export function networkOf(text: string): { first: string; last: string } | null {
  const [written = '', length, ...more] = text.split('/');
  const address = addressOf(written);
  if (address === null || more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const isFour = fourOf(written) !== null;
  const free = (isFour ? 32 : 128) - Number(length ?? (isFour ? 32 : 128));
  if (free < 0) return null;
  const beyond = (1n << BigInt(free)) - 1n;
  return (address & beyond) === 0n ? { first: written6(address), last: written6(address | beyond) } : null;
}

function fourOf(text: string): bigint | null {
  const parts = IPV4.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) : null;
}

/** Groups of 16 bits; the last of an address may be an IPv4 address, which is two. */
function groupsOf(parts: readonly string[], isEnd: boolean): bigint[] | null {
  const groups = parts.flatMap((part, index) => {
    const four = isEnd && index === parts.length - 1 ? fourOf(part) : null;
    if (four !== null) return [four >> 16n, four & 0xffffn];
    return GROUP.test(part) ? [BigInt(`0x${part}`)] : [-1n];
  });
  return groups.includes(-1n) ? null : groups;
}

function written6(address: bigint): string {
  return address
    .toString(16)
    .padStart(32, '0')
    .replaceAll(/.{4}(?!$)/g, '$&:');
}
