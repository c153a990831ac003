import { describe, expect, it } from 'vitest';
import { localOf, readLocal } from './local';

const read = (text: string, zone: string) => readLocal(text, zone);
const time = (earliest: string, latest = earliest) => ({ kind: 'time', earliest, latest });

describe('a time as the clocks of a zone show it', () => {
  it('is an instant', () => {
    expect(read('2026-07-01T08:00', 'Europe/Berlin')).toEqual(time('2026-07-01T06:00:00.000Z'));
    expect(read('2026-01-01T08:00:05', 'Europe/Berlin')).toEqual(time('2026-01-01T07:00:05.000Z'));
    expect(read('2026-01-01T08:00', 'UTC')).toEqual(time('2026-01-01T08:00:00.000Z'));
    expect(read('2026-01-01T00:30', 'Asia/Kathmandu')).toEqual(time('2025-12-31T18:45:00.000Z'));
    expect(read('2026-01-01T00:30', 'Pacific/Kiritimati')).toEqual(time('2025-12-31T10:30:00.000Z'));
  });

  it('is none where the clocks go forward past it, and holds up to there and from there on', () => {
    expect(read('2026-03-29T02:30', 'Europe/Berlin')).toEqual({ kind: 'gap' });
    expect(read('2026-03-29T01:59:59', 'Europe/Berlin')).toEqual(time('2026-03-29T00:59:59.000Z'));
    expect(read('2026-03-29T03:00', 'Europe/Berlin')).toEqual(time('2026-03-29T01:00:00.000Z'));
    expect(read('2026-03-08T02:15', 'America/New_York')).toEqual({ kind: 'gap' });
    // a whole day that was left out
    expect(read('2011-12-30T12:00', 'Pacific/Apia')).toEqual({ kind: 'gap' });
  });

  it('is two where they go back over it', () => {
    expect(read('2026-10-25T02:30', 'Europe/Berlin')).toEqual(
      time('2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'),
    );
    expect(read('2026-04-05T01:45', 'Australia/Lord_Howe')).toEqual(
      time('2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'),
    );
  });

  it('is what the same clock shows at it, in every hour of a year', () => {
    for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC'])
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 3 * 3_600_000) {
        const local = readLocal(localOf(ms, zone), zone);
        const at = new Date(ms).toISOString();
        expect(local?.kind === 'time' && [local.earliest, local.latest]).toContain(at);
      }
  });

  it('is read from nothing else', () => {
    for (const text of ['', '2026-05-11', '2026-13-01T00:00', '2026-05-11T08:00Z', 'now'])
      expect(read(text, 'UTC')).toBe(null);
  });
});
