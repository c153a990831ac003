import { KeysList } from '@/app/_components/explorer/keys-list';

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

/** The keys of the findings; with a selection they are for all that is selected. */
export function Keys() {
  return <KeysList keys={KEYS} />;
}
