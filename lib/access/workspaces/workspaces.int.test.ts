import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { contextOf, openWorkspace } from '../../compose';
import type { Context } from '../../context';
import { testAdmin } from '../../testing/actor';
import { type TestInstallation, startInstallation } from '../../testing/installation';
import { personActor } from '../actor';
import { listPeople } from '../people';
import { createToken, verifyToken } from '../tokens';
import { createWorkspace } from './create-workspace';

let installation: TestInstallation;
let a: Context;
let b: Context;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  a = installation.ctx;
  const ada = await testAdmin(a, { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' });
  await createWorkspace(a, {
    id: 'team-b',
    name: 'Team B',
    actor: personActor(ada),
    prepare: () => openWorkspace(a, 'team-b'),
  });
  b = await contextOf(a, 'team-b');
}, 120_000);
afterAll(() => installation?.stop());

describe('a workspace', () => {
  it('names nothing of another: its connections see its own schema alone', async () => {
    const { rows } = await sql<{ schema: string; path: string }>`
      SELECT current_schema() AS schema, current_setting('search_path') AS path`.execute(b.db);
    expect(rows).toEqual([{ schema: 'ws_team_b', path: 'ws_team_b' }]);
  });

  it('has who made it as its administrator', async () => {
    expect(await listPeople(b)).toMatchObject([{ email: 'ada@example.org', role: 'administrator' }]);
  });
  it('has tokens of its own', async () => {
    const [person] = await listPeople(b);
    if (!person) throw new Error('nobody is a member');
    const { token } = await createToken(b, { name: 't', scopes: ['read'], actor: personActor(person) });
    expect(token).toMatch(/^st_team-b_/);
    expect(await verifyToken(a, token)).toBeNull();
    expect(await verifyToken(b, token)).toMatchObject({ name: 't', role: 'administrator' });
  });
});
