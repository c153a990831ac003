import { describe, expect, it } from 'vitest';
import { TABLE_COLUMN_NAMES } from '@/lib/core/event/table-columns';
import { boundedWidth, gridOf, movedColumn, namedColumns, usualColumns, usualWidth } from './columns';

/** Of the card of the table on a screen of 1440, with its scrollbar. */
const ROOM_PX = 930;

describe('columns of a table of records', () => {
  it.each(['events', 'records'] as const)('those everybody begins with fit the page: %s', (kind) => {
    expect(gridOf(usualColumns(kind)).minWidth).toBeLessThanOrEqual(ROOM_PX);
  });

  it('one takes the room that is left: what is acted on, else the last', () => {
    const grid = (...names: ('tool' | 'target' | 'agent')[]) =>
      gridOf(names.map((name) => ({ name, widthPx: 100 }))).gridTemplateColumns;
    expect(grid('target', 'tool')).toBe('16px minmax(100px, 1fr) 100px');
    expect(grid('tool', 'agent')).toBe('16px 100px minmax(100px, 1fr)');
  });

  it('are moved to where another one stands', () => {
    const [a, b, c] = (['tool', 'target', 'agent'] as const).map((name) => ({ name, widthPx: 100 }));
    if (!a || !b || !c) throw new Error('three were made');
    expect(movedColumn([a, b, c], 0, 2)).toEqual([b, c, a]);
    expect(movedColumn([a, b, c], 2, 0)).toEqual([c, a, b]);
    expect(movedColumn([a, b, c], 1, 0)).toEqual([b, a, c]);
    expect(movedColumn([a, b, c], 0, -1)).toEqual([a, b, c]);
    expect(movedColumn([a, b, c], 2, 3)).toEqual([a, b, c]);
  });

  it('that an address names are as wide as they are liked, each once, and what is no column is left out', () => {
    const liked = [{ name: 'tool' as const, widthPx: 333 }];
    expect(namedColumns(['tool', 'nothing', 'host', 'tool'], liked)).toEqual([
      { name: 'tool', widthPx: 333 },
      { name: 'host', widthPx: usualWidth('host') },
    ]);
    expect(namedColumns(['nothing'], liked)).toBeNull();
    expect(namedColumns(null, liked)).toBeNull();
  });

  it('have a width that can be kept', () => {
    expect([-5, 100.6, 9_999].map(boundedWidth)).toEqual([48, 101, 1_200]);
    expect(TABLE_COLUMN_NAMES.filter((name) => boundedWidth(usualWidth(name)) !== usualWidth(name))).toEqual([]);
  });
});
