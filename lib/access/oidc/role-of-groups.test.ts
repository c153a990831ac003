import { expect, it } from 'vitest';
import { roleOfGroups } from './role-of-groups';

const MAPPING = [
  { group: 'team', role: 'auditor' },
  { group: 'team', role: 'analyst' },
  { group: 'admins', role: 'administrator' },
] as const;
const WITH_REST = [...MAPPING, { group: '*', role: 'auditor' }] as const;

it.each([
  [['team', 'admins'], 'administrator', 'administrator'],
  [['team'], 'analyst', 'analyst'],
  [['Admins'], null, 'auditor'],
  [['admins '], null, 'auditor'],
  [[], null, 'auditor'],
  [['*'], null, 'auditor'],
])('%j: %s, and %s where everybody has a role', (groups, role, withRest) => {
  expect([roleOfGroups(groups, MAPPING), roleOfGroups(groups, WITH_REST)]).toEqual([role, withRest]);
});
