import { expect, it } from 'vitest';
import { addressGuard } from './address-guard';

const guard = addressGuard([]);

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.255',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  'fd00:ec2::254',
  'localhost',
  '',
  '1.2.3.4 ',
])('%s is no public address', (address) => {
  expect(guard.isAllowed(address)).toBe(false);
});

it.each(['1.1.1.1', '8.8.8.8', '172.15.255.255', '172.32.0.1', '100.63.255.255', '2606:4700::1111', '2a00:1450::1'])(
  '%s is one',
  (address) => {
    expect(guard.isAllowed(address)).toBe(true);
    expect(guard.isListed(address)).toBe(false);
  },
);

it('what an operator lists is allowed, and nothing beside it', () => {
  const { isAllowed, isListed } = addressGuard([
    { address: '10.1.0.0', bits: 16, family: 'ipv4' },
    { address: 'fd00::', bits: 64, family: 'ipv6' },
  ]);
  expect(['10.1.2.3', 'fd00::5'].map(isListed)).toEqual([true, true]);
  expect(['10.1.2.3', 'fd00::5', '10.2.0.1', 'fd00:0:0:1::1', '::ffff:10.2.0.1', '127.0.0.1'].map(isAllowed)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
