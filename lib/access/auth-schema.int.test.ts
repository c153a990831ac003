import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeContext, composeContext } from '../compose';
import { openPool } from '../db/database';
import { type Databases, makeDatabases } from '../testing/databases';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { authStatements } from './auth';
import { AUTH_SCHEMA } from './auth-schema';

let installation: TestInstallation;
let databases: Databases;
beforeAll(async () => {
  installation = await startInstallation({}, { rules: 'one' });
  databases = await makeDatabases();
}, 120_000);
afterAll(async () => {
  await installation.stop();
  await databases.drop();
}, 60_000);

it('names the tables that better-auth makes where there are none', async () => {
  const { ctx } = installation;
  const pool = openPool(databases.databaseUrl, ctx.log, { maxConnections: 1 });
  try {
    expect(ctx.hasher.sha256(Buffer.from(await authStatements({ ...ctx, pool })))).toBe(AUTH_SCHEMA);
  } finally {
    await pool.end();
  }
});

it('has them made again of another release of it, and not of the same', async () => {
  const { ctx } = installation;
  const digests = () => ctx.db.selectFrom('auth_schema').select('digest').execute();
  const again = async () => closeContext(await composeContext(ctx.env, 'cli'));
  await ctx.db.schema.dropTable('verification').execute();
  await again();
  const made = async () => (await ctx.db.introspection.getTables()).some(({ name }) => name === 'verification');
  expect([await digests(), await made()]).toEqual([[{ digest: AUTH_SCHEMA }], false]);

  await ctx.db.updateTable('auth_schema').set({ digest: 'of another release' }).execute();
  await again();
  expect([await digests(), await made()]).toEqual([[{ digest: AUTH_SCHEMA }], true]);
});
