import { setTimeout as wait } from 'node:timers/promises';
import * as audit from '../audit/append';
import { openDatabase, openPool } from '../db/database';
import { createLog } from '../telemetry/log';
import { testActor } from './actor';

// Acts so often on the database of DATABASE_URL, one action after another: writes a row and its action, and says which once it is answered.
// node --conditions=react-server --import tsx lib/testing/acting.mts <name> <times>
const [name = '', times = '0'] = process.argv.slice(2);
const pool = openPool(process.env['DATABASE_URL'] ?? '', createLog('silent', 'cli'), { maxConnections: 1 });
const db = openDatabase(pool);
for (let n = 0; n < Number(times); n += 1) {
  const subjectId = `${name}:${n}`;
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('preferences')
      .values({ person_id: subjectId, name: 'acting', value: '1', updated_at: new Date() })
      .execute();
    await audit.append(tx, testActor(), { action: 'view.create', subjectId });
  });
  process.stdout.write(`${subjectId}\n`);
}
await wait(0);
await db.destroy();
