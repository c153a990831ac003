import { expect, it } from 'vitest';
import { FindingChange, FindingStatus } from '../schemas/triage';
import { type Standing, afterChange } from './after-change';

const NOW = new Date('2026-05-11T12:00:00Z');
const EARLIER = new Date('2026-05-11T08:00:00Z');
const ada = { kind: 'person', id: 'ada' } as const;
const untouched: Standing = {
  status: 'new',
  verdict: null,
  assignee_id: null,
  acknowledged_at: null,
  decided_at: null,
};
const closed: Standing = {
  status: 'closed',
  verdict: 'benign',
  assignee_id: 'bob',
  acknowledged_at: EARLIER,
  decided_at: EARLIER,
};

it('what nobody has is given to the person who takes it up, and stays with who has it', () => {
  const taken = { ...untouched, status: 'in_progress', assignee_id: 'ada', acknowledged_at: NOW };
  expect(afterChange(untouched, { status: 'in_progress' }, ada, NOW)).toEqual(taken);
  expect(afterChange(untouched, { status: 'in_progress' }, { kind: 'token', id: 't' }, NOW).assignee_id).toBeNull();
  expect(afterChange(untouched, { status: 'in_progress', assigneeId: null }, ada, NOW).assignee_id).toBeNull();
  expect(afterChange({ ...untouched, assignee_id: 'bob' }, { status: 'in_progress' }, ada, NOW).assignee_id).toBe(
    'bob',
  );
  expect(afterChange(untouched, { status: 'on_hold' }, ada, NOW).assignee_id).toBeNull();
});

it('what is decided keeps a verdict until it is opened again, and when it was taken up first for ever', () => {
  expect(afterChange(closed, { status: 'new' }, ada, NOW)).toEqual({
    ...closed,
    status: 'new',
    verdict: null,
    decided_at: null,
  });
  expect(afterChange(closed, { status: 'in_progress', verdict: 'suspicious' }, ada, NOW).verdict).toBe('suspicious');
  expect(afterChange(closed, { status: 'resolved', verdict: 'true_positive' }, ada, NOW)).toEqual({
    ...closed,
    status: 'resolved',
    verdict: 'true_positive',
  });
  expect(() => afterChange(closed, { verdict: null }, ada, NOW)).toThrow(/keeps a verdict/);
  // closed before verdicts were asked for
  const bare = { ...closed, verdict: null };
  expect(afterChange(bare, { assigneeId: 'ada' }, ada, NOW)).toEqual({ ...bare, assignee_id: 'ada' });
  expect(afterChange(closed, { assigneeId: 'bob', verdict: 'benign' }, ada, NOW)).toEqual(closed);
});

it('resolving and closing ask for a verdict, and a change for something to change', () => {
  for (const status of FindingStatus.options) {
    const { error } = FindingChange.safeParse({ status });
    expect([status, error?.issues.map(({ path }) => path)]).toEqual([
      status,
      status === 'resolved' || status === 'closed' ? [['verdict']] : undefined,
    ]);
  }
  expect(FindingChange.safeParse({ reason: 'why' }).success).toBe(false);
  expect(FindingChange.safeParse({ status: 'closed', verdict: 'benign', reason: ' ' }).success).toBe(false);
});
