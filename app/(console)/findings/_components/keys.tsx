'use client';
import { useHasRole } from '@/app/_components/access/role';
import { KeysList } from '@/app/_components/explorer/keys-list';

const READS: ReadonlySet<string> = new Set(['J K', 'Escape', 'Ctrl K', '?']);
const KEYS = [
  ['J K', 'to the next finding and the one before'],
  ['X', 'select it'],
  ['A', 'take it up: in progress, and yours'],
  ['E', 'resolve or close it, with a verdict'],
  ['H', 'put it on hold'],
  ['R', 'open it again'],
  ['C', 'add it to a case'],
  ['S', 'suppress what is like it, until a day that you choose'],
  ['Escape', 'select nothing; close what is open'],
  ['Ctrl K', 'go anywhere'],
  ['?', 'show these keys'],
] as const;

/** The keys of the findings, those that the person signed in may use; with a selection they are for all that is selected. */
export function Keys() {
  const keys = useHasRole('analyst') ? KEYS : KEYS.filter(([key]) => READS.has(key));
  return <KeysList keys={keys} />;
}
