import { describe, expect, it } from 'vitest';
import { speedometer } from './send';
import { type Upload, isSettled, reduceUploads } from './upload';

const upload = (id: number, phase: Upload['phase']): Upload => ({ id, file: new File(['x'], `${id}.jsonl`), chain: null, phase, sentBytes: 0, bytesPerSecond: 0, result: null, chains: new Map(), error: null });

describe('reduceUploads', () => {
  it('changes one and keeps the others', () => {
    const next = reduceUploads([upload(1, 'waiting'), upload(2, 'waiting')], { type: 'change', id: 2, change: { phase: 'sending' } });
    expect(next.map(({ phase }) => phase)).toEqual(['waiting', 'sending']);
  });
  it('clears only what is settled', () => {
    const next = reduceUploads([upload(1, 'done'), upload(2, 'checking'), upload(3, 'failed')], { type: 'clear' });
    expect(next.map(({ id }) => id)).toEqual([2]);
    expect(next.some(isSettled)).toBe(false);
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
