import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createGuard } from './clickhouse/guard';
import { createLakeServer } from './clickhouse/server';

// The lake process: the embedded ClickHouse engine on one data directory, behind loopback HTTP.
const dataDir = process.env['SEALTRAIL_DATA_DIR'];
const password = process.env['SEALTRAIL_CLICKHOUSE_PASSWORD'];
if (!dataDir || !password)
  throw new Error(
    'SEALTRAIL_DATA_DIR and SEALTRAIL_CLICKHOUSE_PASSWORD are missing: this process is started by the supervisor',
  );

const dir = path.join(dataDir, 'clickhouse');
mkdirSync(dir, { recursive: true, mode: 0o700 });
const { http, pool } = createLakeServer({ dir, user: 'sealtrail', password, sessions: 12, guard: (sql) => guard(sql) });
const functions = await pool.use({ database: 'default', settings: new Map(), params: new Map() }, '', (session) =>
  session.queryAsync('SELECT name FROM system.table_functions', { format: 'TabSeparated' }),
);
// Nobody is answered before the engine has said what it could reach.
const guard = createGuard(
  functions
    .text()
    .split('\n')
    .filter((name) => name !== ''),
);
await pool.use({ database: 'default', settings: new Map(), params: new Map() }, '', (session) =>
  session.queryAsync('CREATE DATABASE IF NOT EXISTS sealtrail'),
);
http.listen({ host: '127.0.0.1', port: Number(process.env['SEALTRAIL_CLICKHOUSE_PORT'] ?? 0) }, () => {
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  console.log(`the lake answers on 127.0.0.1:${port}`);
  process.send?.({ type: 'ready', port });
});
http.once('error', (error) => {
  throw error;
});

let stopping = false;
/** No new requests; those running may finish within 3 s; the engine flushes when its sessions close. */
function stop(): void {
  if (stopping) return;
  stopping = true;
  const leave = () => {
    pool.close();
    process.exit(0);
  };
  setTimeout(leave, 3000).unref();
  http.close(leave);
  http.closeIdleConnections();
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
