import { afterAll, beforeAll, expect, it } from 'vitest';
import { personActor } from '../../access/actor';
import { preferenceOf, setPreference } from '../../access/preferences';
import type { ViewSearch } from '../../schemas/views';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { changeView } from './change-view';
import { createView } from './create-view';
import { deleteView } from './delete-view';
import { listViews } from './list-views';

const ADA = personActor({ id: 'ada', email: 'ada@example.org', role: 'administrator' });
const BEN = personActor({ id: 'ben', email: 'ben@example.org', role: 'administrator' });
const SEARCH: ViewSearch = { q: 'decision:deny', period: '7d', from: null, to: null, columns: ['tool', 'target'] };

let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation?.stop());

const actions = async (subjectId: string) =>
  (
    await installation.ctx.db
      .selectFrom('audit_log')
      .select(['action', 'actor_id'])
      .where('subject_id', '=', subjectId)
      .orderBy('id')
      .execute()
  ).map(({ action, actor_id: id }) => `${action} ${id}`);

it('a view is its maker’s until it is shared, and nobody else changes it', async () => {
  const { ctx } = installation;
  const made = await createView(ctx, { name: 'Denied', isShared: false, search: SEARCH, actor: ADA });
  expect(made).toMatchObject({ name: 'Denied', isMine: true, madeBy: 'ada@example.org', search: SEARCH });
  expect(await listViews(ctx, BEN)).toEqual([]);
  const ofBen = { viewId: made.id, actor: BEN };
  await expect(changeView(ctx, { ...ofBen, change: { name: 'Mine' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  await changeView(ctx, { viewId: made.id, actor: ADA, change: { isShared: true } });
  expect(await listViews(ctx, BEN)).toMatchObject([{ id: made.id, isMine: false, madeBy: 'ada@example.org' }]);
  await expect(changeView(ctx, { ...ofBen, change: { name: 'Mine' } })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(deleteView(ctx, ofBen)).rejects.toMatchObject({ code: 'FORBIDDEN' });

  // what is as it was is no action again
  await changeView(ctx, { viewId: made.id, actor: ADA, change: { isShared: true, search: SEARCH } });
  const absolute: ViewSearch = {
    ...SEARCH,
    period: null,
    from: '2026-05-01T00:00:00Z',
    to: '2026-06-01T00:00:00Z',
    sort: '-tool',
  };
  const changed = await changeView(ctx, { viewId: made.id, actor: ADA, change: { name: 'May', search: absolute } });
  expect(changed).toMatchObject({ name: 'May', search: absolute });
  expect(await listViews(ctx, BEN)).toMatchObject([{ id: made.id, search: absolute }]);
  await deleteView(ctx, { viewId: made.id, actor: ADA });
  await expect(deleteView(ctx, { viewId: made.id, actor: ADA })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await actions(made.id)).toEqual(['view.create ada', 'view.change ada', 'view.change ada', 'view.delete ada']);
});

it('a name is given once by one person, in any case of letters, and by anybody else too', async () => {
  const { ctx } = installation;
  const view = { name: 'Secrets', isShared: true, search: SEARCH };
  const made = await createView(ctx, { ...view, actor: ADA });
  await expect(createView(ctx, { ...view, name: 'SECRETS', actor: ADA })).rejects.toMatchObject({ code: 'CONFLICT' });
  await createView(ctx, { ...view, actor: BEN });
  expect((await listViews(ctx, ADA)).map(({ name, isMine }) => [name, isMine])).toEqual([
    ['Secrets', true],
    ['Secrets', false],
  ]);
  const other = await createView(ctx, { ...view, name: 'Other', actor: ADA });
  const rename = { viewId: other.id, actor: ADA, change: { name: 'secrets' } };
  await expect(changeView(ctx, rename)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect((await changeView(ctx, { viewId: made.id, actor: ADA, change: { name: 'secrets' } })).name).toBe('secrets');
});

it('columns are kept for one person, and are as everybody’s until then and where a field is no more', async () => {
  const { ctx } = installation;
  const columns = [{ name: 'tool' as const, widthPx: 120 }];
  expect(await preferenceOf(ctx, 'ada', 'event-columns')).toEqual({ columns: null });
  for (let time = 0; time < 2; time += 1)
    await setPreference(ctx, { actor: ADA, name: 'event-columns', value: { columns } });
  expect(await preferenceOf(ctx, 'ada', 'event-columns')).toEqual({ columns });
  expect(await preferenceOf(ctx, 'ada', 'record-columns')).toEqual({ columns: null });
  expect(await preferenceOf(ctx, 'ben', 'event-columns')).toEqual({ columns: null });
  await ctx.db
    .updateTable('preferences')
    .set({ value: JSON.stringify({ columns: [{ name: 'gone', widthPx: 120 }] }) })
    .execute();
  expect(await preferenceOf(ctx, 'ada', 'event-columns')).toEqual({ columns: null });
});
