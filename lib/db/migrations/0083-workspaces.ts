import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { workspaceOfSchema } from '../../config/workspace-env';
import { canonicalJson } from '../../core/statements/dsse';

/** People and their sessions are the installation's; each workspace is a schema, which knows of them what concerns its members. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ schema: string }>`SELECT current_schema() AS schema`.execute(db);
  const schema = rows[0]?.schema ?? 'public';
  const workspaceId = workspaceOfSchema(schema);
  // It is run at the end of a transaction that may have looked at another schema.
  await sql`ALTER FUNCTION chain_activity() SET search_path FROM CURRENT`.execute(db);
  await sql`ALTER TABLE audit_log ALTER COLUMN workspace_id SET DEFAULT ${sql.lit(workspaceId)}`.execute(db);
  if (schema === 'public') await makeInstallation(db);
  else await makeWorkspace(db, schema, workspaceId);
}

async function makeInstallation(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE workspaces (
      id text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9-]{0,31}$'),
      name text NOT NULL,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db);
  await sql`INSERT INTO workspaces (id, name, created_by) VALUES ('default', 'Default', 'setup')`.execute(db);
  await sql`
    CREATE TABLE workspace_members (
      workspace_id text NOT NULL REFERENCES workspaces (id),
      person_id text NOT NULL,
      role text NOT NULL CHECK (role IN ('administrator', 'analyst', 'auditor')),
      is_disabled boolean NOT NULL DEFAULT false,
      since timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (workspace_id, person_id),
      CHECK (workspace_id <> 'default')
    )`.execute(db);
  await sql`CREATE INDEX workspace_members_person ON workspace_members (person_id)`.execute(db);
  await sql`
    CREATE TABLE session_workspaces (
      session_id text PRIMARY KEY,
      workspace_id text NOT NULL REFERENCES workspaces (id)
    )`.execute(db);
}

async function makeWorkspace(db: Kysely<unknown>, schema: string, workspaceId: string): Promise<void> {
  const id = sql.lit(workspaceId);
  const members = sql`SELECT m.person_id FROM public.workspace_members m WHERE m.workspace_id = ${id}`;
  await sql`
    CREATE VIEW workspace_members AS SELECT * FROM public.workspace_members WHERE workspace_id = ${id} WITH LOCAL CHECK OPTION`.execute(
    db,
  );
  await sql`ALTER VIEW workspace_members ALTER COLUMN workspace_id SET DEFAULT ${id}`.execute(db);
  for (const table of ['totp_secrets', 'recovery_codes', 'passkeys']) {
    await sql`DROP TABLE ${sql.table(table)}`.execute(db);
    await sql`CREATE VIEW ${sql.table(table)} AS SELECT * FROM ${sql.table(`public.${table}`)} WHERE person_id IN (${members})`.execute(
      db,
    );
  }
  await sql`DROP TABLE access_policy`.execute(db);
  await sql`CREATE VIEW access_policy AS SELECT * FROM public.access_policy`.execute(db);
  for (const table of ['session', 'account'])
    await sql`CREATE VIEW ${sql.table(table)} AS SELECT * FROM ${sql.table(`public.${table}`)} WHERE "userId" IN (${members})`.execute(
      db,
    );
  await sql`
    CREATE VIEW sign_ins AS SELECT id, actor_id, occurred_at FROM public.audit_log WHERE action = 'person.sign-in' AND actor_id IN (${members})`.execute(
    db,
  );
  // Tokens are a workspace's own.
  await sql`CREATE TABLE apikey (LIKE public.apikey INCLUDING ALL)`.execute(db);
  await sql`
    CREATE VIEW shared_people AS SELECT u.id AS person_id FROM public."user" u WHERE u.id IN (${members}) AND (
      u.role IS DISTINCT FROM 'none' OR EXISTS (
        SELECT FROM public.workspace_members m WHERE m.person_id = u.id AND m.workspace_id <> ${id}))`.execute(db);
  await makePeople(db, schema, id);
  await beginActivity(db, workspaceId);
}

/** Members with the role they have here. Who is let in no more here may be elsewhere. */
async function makePeople(db: Kysely<unknown>, schema: string, id: ReturnType<typeof sql.lit>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT attname AS name FROM pg_attribute WHERE attrelid = 'public."user"'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`.execute(
    db,
  );
  const columns = rows.map(({ name }) => name);
  const shown = columns.map((name) =>
    name === 'role'
      ? sql`m.role AS role`
      : name === 'banned'
        ? sql`(coalesce(u.banned, false) OR m.is_disabled) AS banned`
        : sql`u.${sql.ref(name)}`,
  );
  await sql`
    CREATE VIEW "user" AS SELECT ${sql.join(shown)} FROM public."user" u
    JOIN public.workspace_members m ON m.person_id = u.id AND m.workspace_id = ${id}`.execute(db);
  const ofAccount = columns.filter((name) => name !== 'role' && name !== 'banned');
  await sql`
    CREATE FUNCTION member_written() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO public."user" (${sql.join(ofAccount.map((name) => sql.ref(name)))}, role, banned)
          VALUES (${sql.join(ofAccount.map((name) => sql`NEW.${sql.ref(name)}`))}, 'none', false);
        INSERT INTO public.workspace_members (workspace_id, person_id, role) VALUES (${id}, NEW.id, NEW.role);
      ELSE
        UPDATE public.workspace_members SET role = NEW.role,
          is_disabled = CASE WHEN NEW.banned IS DISTINCT FROM OLD.banned THEN coalesce(NEW.banned, false) ELSE is_disabled END
          WHERE workspace_id = ${id} AND person_id = OLD.id;
      END IF;
      RETURN NEW;
    END $$`.execute(db);
  await sql`CREATE TRIGGER member_written INSTEAD OF INSERT OR UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION member_written()`.execute(
    db,
  );
}

/** The first line of its chain of actions says which workspace it is of. */
async function beginActivity(db: Kysely<unknown>, workspaceId: string): Promise<void> {
  const body = canonicalJson({
    action: 'activity.begin',
    actor: { id: 'setup', kind: 'system', name: 'setup', role: 'administrator' },
    details: { earlier: 0 },
    subject: { id: 'activity', type: 'installation' },
    time: new Date().toISOString(),
    workspaceId,
  });
  const prev = '0'.repeat(64);
  const hash = createHash('sha256').update(`{"body":${body},"prev":"${prev}","seq":1}`).digest('hex');
  await sql`UPDATE activity_lines SET hash = ${hash}, line = ${`{"body":${body},"hash":"${hash}","prev":"${prev}","seq":1}`} WHERE seq = 1`.execute(
    db,
  );
}
