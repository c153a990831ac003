import type { ClickHouseClient } from '@clickhouse/client';
import type { Pool } from 'pg';
import type { Hasher } from './core/chain/format';
import type { Db } from './db/database';
import type { TailSeals } from './db/tail-seal';
import type { Env } from './config/env';
import type { FreeBytes } from './evidence/room';
import type { EvidenceStore } from './evidence/store';
import type { Logger } from './telemetry/log';
import type { Meter } from './telemetry/meter';
import type { Queue } from './queue/queue';

export type ProcessRole = 'web' | 'worker' | 'cli';

/**
 * Every I/O a verb may ask for, of one workspace: what is of another cannot be named from it. Verbs take it first and reach for nothing else.
 */
export type Context = {
  /** Of the workspace; `env.workspaceId` says which. */
  env: Env;
  /** What the process does. */
  process: ProcessRole;
  log: Logger;
  meter: Meter;
  pool: Pool;
  db: Db;
  /** One connection for those who ask how things are: it is free however busy the others are. */
  probes: Db;
  queue: Queue;
  evidence: EvidenceStore;
  /** Seals of what is open of growing chains. */
  seals: TailSeals;
  /** What is left of the disk a folder lies on. */
  freeBytes: FreeBytes;
  lake: ClickHouseClient;
  hasher: Hasher;
  now: () => Date;
};
