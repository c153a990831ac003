import { describe, expect, it } from 'vitest';
import { speedometer } from './send';
import { describe as describeUpload } from './describe';
import { FRESH, type Upload, isSettled, reduceUploads } from './upload';

const upload = (id: number, phase: Upload['phase'], fingerprint: string | null = null): Upload => ({
  ...FRESH,
  id,
  name: `${id}.jsonl`,
  sizeBytes: 1,
  file: new File(['x'], `${id}.jsonl`),
  fingerprint,
  chain: null,
  phase,
});

describe('reduceUploads', () => {
  it('changes one and keeps the others', () => {
    const next = reduceUploads([upload(1, 'waiting'), upload(2, 'waiting')], {
      type: 'change',
      id: 2,
      change: { phase: 'sending' },
    });
    expect(next.map(({ phase }) => phase)).toEqual(['waiting', 'sending']);
  });
  it('clears only what is settled', () => {
    const next = reduceUploads([upload(1, 'done'), upload(2, 'checking'), upload(3, 'failed')], { type: 'clear' });
    expect(next.map(({ id }) => id)).toEqual([2]);
    expect(next.some(isSettled)).toBe(false);
  });
  it('goes on with what was begun when the same file comes again', () => {
    const begun = { ...upload(1, 'left', 'a'), file: null, sentBytes: 7 };
    const again = upload(2, 'waiting', 'a');
    expect(reduceUploads([begun], { type: 'add', uploads: [again] })).toEqual([
      { ...begun, file: again.file, phase: 'waiting' },
    ]);
  });
  it('does not send twice what is on its way, and sends again what is done', () => {
    const moving = [upload(1, 'sending', 'a')];
    expect(reduceUploads(moving, { type: 'add', uploads: [upload(2, 'waiting', 'a')] })).toEqual(moving);
    const next = reduceUploads([upload(1, 'done', 'a'), upload(2, 'sending')], {
      type: 'add',
      uploads: [upload(3, 'waiting', 'a'), upload(4, 'waiting')],
    });
    expect(next.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });
});

describe('speedometer', () => {
  it('says nothing of the first moment', () => expect(speedometer()(1000, 0)).toBe(0));
  it('measures over the last seconds only', () => {
    const speed = speedometer();
    speed(0, 0);
    speed(1000, 1000);
    expect(speed(2000, 2000)).toBe(1000);
    speed(2000, 4500);
    expect(speed(2000, 8000)).toBe(0);
  });
});

it('says of an archive how far it is taken in', () => {
  const storing = (taking: Upload['taking']) => describeUpload({ ...upload(1, 'storing'), taking });
  expect(storing(null)).toBe('1 B sent, being written to the evidence store');
  expect(storing({ logs: 9_999, stored: 1_200, named: 0 })).toBe('1 B sent, 1,200 of 9,999 logs stored');
  expect(storing({ logs: 9_999, stored: 9_999, named: 50 })).toBe('1 B sent, 50 of 9,999 logs ingested');
});
