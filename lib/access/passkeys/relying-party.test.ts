import { expect, it } from 'vitest';
import { relyingParty } from './relying-party';

it.each([
  ['https://sealtrail.example.org', { id: 'sealtrail.example.org', origin: 'https://sealtrail.example.org' }],
  ['https://sealtrail.example.org:8443', { id: 'sealtrail.example.org', origin: 'https://sealtrail.example.org:8443' }],
  ['http://localhost:7325', { id: 'localhost', origin: 'http://localhost:7325' }],
  ['http://127.0.0.1:7325', { id: 'localhost', origin: 'http://localhost:7325' }],
  ['http://[::1]:7325', { id: 'localhost', origin: 'http://localhost:7325' }],
  ['http://sealtrail.example.org', null],
  ['https://192.0.2.7', null],
  ['https://[2001:db8::7]', null],
  ['https://127.0.0.1.example.org', { id: '127.0.0.1.example.org', origin: 'https://127.0.0.1.example.org' }],
])('%s', (publicUrl, expected) => {
  expect(relyingParty({ publicUrl })).toEqual(expected);
});
