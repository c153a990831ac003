import { describe, expect, it } from 'vitest';
import { sortOf, sorted } from './sort';

describe('an order', () => {
  it('is the one of the address where that is by a column of the list', () => {
    expect(sortOf('-records', ['name', 'records'], 'name')).toBe('-records');
    expect(sortOf('colour', ['name', 'records'], '-name')).toBe('-name');
    expect(sortOf(undefined, ['name'], 'name')).toBe('name');
  });

  it('puts rows upwards or downwards, what has no value first or last, and leaves equal ones as they stood', () => {
    const rows = [
      { id: 1, size: 3 },
      { id: 2, size: null },
      { id: 3, size: 10 },
      { id: 4, size: 3 },
    ];
    const values = { size: ({ size }: (typeof rows)[number]) => size };
    const ids = (sort: 'size' | '-size') => sorted(rows, sort, values).map(({ id }) => id);
    expect(ids('size')).toEqual([2, 1, 4, 3]);
    expect(ids('-size')).toEqual([3, 1, 4, 2]);
  });
});
