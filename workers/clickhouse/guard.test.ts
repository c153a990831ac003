import { expect, it } from 'vitest';
import { createGuard } from './guard';

const guard = createGuard([
  'file',
  'fileCluster',
  'url',
  'remote',
  'remoteSecure',
  's3',
  'mysql',
  'postgresql',
  'executable',
  'numbers',
  'view',
  'cluster',
  'sqlite',
  'values',
  'format',
]);

it.each([
  `SELECT * FROM file('/etc/passwd', 'LineAsString')`,
  `SELECT file('/etc/passwd')`,
  "select * from\n FILE /* x */ ('a')",
  "SELECT * FROM `file`('a')",
  'SELECT * FROM "url"(\'http://127.0.0.1\')',
  `SELECT 1 FROM numbers(1) JOIN remote('127.0.0.1', system.one) USING x`,
  `INSERT INTO FUNCTION s3('http://x/y') SELECT 1`,
  `INSERT INTO FUNCTION file('/tmp/x', 'CSV') SELECT 1`,
  `SELECT 1 INTO OUTFILE '/tmp/x'`,
  `INSERT INTO events FROM INFILE '/etc/passwd' FORMAT LineAsString`,
  `CREATE TABLE t (a String) ENGINE = File(CSV, '/tmp/x')`,
  `CREATE TABLE t (a String) ENGINE URL('http://x')`,
  `CREATE TABLE t AS postgresql('h', 'd', 't', 'u', 'p')`,
  `CREATE FUNCTION f AS () -> 1`,
  `CREATE DICTIONARY d (a String) PRIMARY KEY a SOURCE(EXECUTABLE(COMMAND 'id' FORMAT TSV))`,
  `BACKUP TABLE events TO Disk('x', 'y')`,
  `SYSTEM SHUTDOWN`,
  `SYSTEM STOP MERGES events`,
  `ATTACH TABLE t FROM '/tmp' (a String) ENGINE = MergeTree ORDER BY a`,
  `WITH x AS (SELECT * FROM executable('id', TSV, 'a String')) SELECT * FROM x`,
  `-- a comment\nSYSTEM RELOAD CONFIG`,
])('refuses %s', (sql) => expect(() => guard(sql)).toThrow(/leads out of the lake/));

it.each([
  `SELECT count() FROM events WHERE target = 'file(''x'')' AND reason = 'see url(http://x) \\' INTO OUTFILE'`,
  `SELECT file FROM t WHERE url = 'x'`,
  `WITH matched AS (SELECT 1) SELECT * FROM matched`,
  `INSERT INTO events FORMAT JSONEachRow`,
  `DELETE FROM events WHERE chain_id = {chainId: UUID} SETTINGS mutations_sync = 2`,
  `CREATE TABLE IF NOT EXISTS events (a String) ENGINE = ReplacingMergeTree PARTITION BY toYear(recorded_at) ORDER BY (chain_id)`,
  `CREATE DATABASE IF NOT EXISTS sealtrail`,
  `(SELECT 1) UNION ALL (SELECT 2)`,
  `SELECT * FROM numbers(10)`,
  `TRUNCATE TABLE events`,
  `OPTIMIZE TABLE events FINAL`,
  `KILL QUERY WHERE 1`,
])('lets through %s', (sql) => expect(() => guard(sql)).not.toThrow());
