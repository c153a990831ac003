import path from 'node:path';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import type { Env } from './env';

/** PostgreSQL's schema of a workspace, and that of its queue. Ids have no underscore, so no two have the same. */
export function schemaOf(workspaceId: string): string {
  return workspaceId === DEFAULT_WORKSPACE ? 'public' : `ws_${workspaceId.replaceAll('-', '_')}`;
}

export function queueSchemaOf(workspaceId: string): string {
  return workspaceId === DEFAULT_WORKSPACE ? 'pgboss' : `wsq_${workspaceId.replaceAll('-', '_')}`;
}

/** The workspace of a schema that `schemaOf` named. */
export function workspaceOfSchema(schema: string): string {
  return schema.startsWith('ws_') ? schema.slice(3).replaceAll('_', '-') : DEFAULT_WORKSPACE;
}

/**
 * The environment as a workspace has it: a lake database, evidence, files, keys and public addresses of its own. The default one has what the
 * installation was given.
 */
export function workspaceEnv(env: Env, workspaceId: string): Env {
  if (workspaceId === DEFAULT_WORKSPACE) return env;
  const dataDir = path.join(env.dataDir, 'workspaces', workspaceId);
  const lake = new URL(env.clickhouseUrl);
  lake.pathname = `/${lake.pathname.slice(1) || 'default'}_${schemaOf(workspaceId)}`;
  const evidence = new URL(env.evidenceUrl);
  evidence.pathname = `${evidence.pathname.replace(/\/$/, '')}/workspaces/${workspaceId}`;
  return {
    ...env,
    workspaceId,
    dataDir,
    secretsDir: path.join(dataDir, 'secrets'),
    clickhouseUrl: lake.href,
    evidenceUrl: evidence.href,
    logKeyFile: path.join(dataDir, 'secrets', 'log-key.pem'),
    workspaceUrl: `${env.publicUrl}/w/${workspaceId}`,
    // Followed logs are those of the default workspace.
    watch: [],
    admin: null,
  };
}
