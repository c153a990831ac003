import { type ColumnName, isAmount } from '../columns';
import { numberOf } from '../matches';
import type { ExampleEvent } from '../rule';

/** A record may state any number: beyond this it counts as this, so that a billion of them still add up in 128 bits. */
const MOST = 1e18;

/** Numbers add up exactly as billionths, and the same everywhere: as an Int128 of the lake, and as a bigint. */
export function billionths(value: number): bigint {
  return BigInt(Math.floor(Math.min(Math.max(value, -MOST), MOST) * 1e9 + 0.5));
}

export function billionthsOf(event: ExampleEvent, column: ColumnName): bigint {
  const value = numberOf(event, column);
  return isAmount(column) ? billionths(value) : BigInt(value) * 1_000_000_000n;
}

export function billionthsSql(column: ColumnName): string {
  return isAmount(column)
    ? `toInt128(floor(least(greatest(${column}, -1e18), 1e18) * 1e9 + 0.5))`
    : `toInt128(${column}) * 1000000000`;
}

/** Billionths as what they are of. */
export function whole(amount: bigint): number {
  return Number(amount / 1_000_000_000n) + Number(amount % 1_000_000_000n) / 1e9;
}

export function wholeSql(amount: string): string {
  return `(toFloat64(intDiv(${amount}, 1000000000)) + toFloat64(${amount} % 1000000000) / 1e9)`;
}
