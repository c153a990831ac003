import { expect, it } from 'vitest';
import { createHasher } from '../../crypto/hasher';
import { toBytes, writers } from '../../testing/chains';
import { checkBytes } from '../../testing/verify';
import { liveVerdict } from './live-verdict';

const hasher = await createHasher();
const { format, write } = writers(hasher).occasio;
const check = checkBytes(format, hasher, toBytes(write([{ tool: 't', decision: 'allow', note: '0' }]))).check;

it('is what the records say, where nothing was found before', () => {
  expect(liveVerdict(format, check, {})).toEqual({ verdict: 'verified', problemCounts: {} });
  expect(liveVerdict(format, check, { 'no-chain': 1 })).toEqual({ verdict: 'verified', problemCounts: {} });
});

it('keeps what the witness or a sidecar file of the log found, which the records alone do not show', () => {
  expect(liveVerdict(format, check, { 'shorter-than-witnessed': 1 })).toEqual({
    verdict: 'truncated',
    problemCounts: { 'shorter-than-witnessed': 1 },
  });
  expect(liveVerdict(format, check, { 'bad-signature': 2, crlf: 1 })).toEqual({
    verdict: 'tampered',
    problemCounts: { 'bad-signature': 2, crlf: 1 },
  });
});
