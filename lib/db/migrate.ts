import 'server-only';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type MigrationProvider, Migrator, NO_MIGRATIONS } from 'kysely/migration';
import type pg from 'pg';
import { schemaOf } from '../config/workspace-env';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import type { Db, Tx } from './database';
import * as first from './migrations/0001-first';
import * as original from './migrations/0002-original';
import * as witness from './migrations/0003-witness-and-silences';
import * as wholeArtefacts from './migrations/0004-whole-artefacts';
import * as tails from './migrations/0005-tails';
import * as probes from './migrations/0006-probes';
import * as setAside from './migrations/0007-sidecars-set-aside';
import * as forwarders from './migrations/0008-forwarders';
import * as reEncoders from './migrations/0009-re-encoders';
import * as attestationRequests from './migrations/0010-attestation-requests';
import * as treesAndLog from './migrations/0011-trees-and-log';
import * as retiredKeys from './migrations/0012-retired-keys';
import * as packages from './migrations/0013-packages';
import * as signedByIssuer from './migrations/0014-signed-by-issuer';
import * as packagesSignedBy from './migrations/0015-packages-signed-by';
import * as evidenceDamage from './migrations/0016-evidence-damage';
import * as tailSeals from './migrations/0017-tail-seals';
import * as jobFailures from './migrations/0020-job-failures';
import * as ruleTexts from './migrations/0024-rule-texts';
import * as excerpts from './migrations/0025-excerpts';
import * as timeFacts from './migrations/0027-time-facts';
import * as signInFailures from './migrations/0030-sign-in-failures';
import * as auditLog from './migrations/0031-audit-log';
import * as actorIds from './migrations/0032-actor-ids';
import * as ruleWatermarks from './migrations/0033-rule-watermarks';
import * as findingMeasures from './migrations/0034-finding-measures';
import * as relationOfUploads from './migrations/0035-relation-of-uploads';
import * as referenceVerifier from './migrations/0036-reference-verifier';
import * as boundaryProblems from './migrations/0037-boundary-problems';
import * as checkedSidecars from './migrations/0038-checked-sidecars';
import * as reSerialisingShippers from './migrations/0039-re-serialising-shippers';
import * as preferences from './migrations/0041-preferences';
import * as views from './migrations/0042-views';
import * as figures from './migrations/0044-figures';
import * as rulesSeen from './migrations/0046-rules-seen';
import * as triage from './migrations/0047-triage';
import * as ownRules from './migrations/0048-own-rules';
import * as cases from './migrations/0050-cases';
import * as ruleBackfills from './migrations/0052-rule-backfills';
import * as ruleCosts from './migrations/0053-rule-costs';
import * as notifications from './migrations/0054-notifications';
import * as suppressions from './migrations/0055-suppressions';
import * as ruleLooks from './migrations/0060-rule-looks';
import * as undoneChanges from './migrations/0060-undone-changes';
import * as whenExpiryWasTold from './migrations/0060-when-expiry-was-told';
import * as notedAsSuppressed from './migrations/0061-noted-as-suppressed';
import * as orderOfFindings from './migrations/0062-order-of-findings';
import * as aroundFindings from './migrations/0063-around-findings';
import * as findingsOfAPeriod from './migrations/0064-findings-of-a-period';
import * as authSchema from './migrations/0065-auth-schema';
import * as windowsEdited from './migrations/0066-windows-edited';
import * as lookedAgain from './migrations/0067-looked-again';
import * as roles from './migrations/0068-roles';
import * as accessLinks from './migrations/0069-access-links';
import * as reportRuns from './migrations/0072-report-runs';
import * as activity from './migrations/0073-activity';
import * as reportDefinitions from './migrations/0076-report-definitions';
import * as reportSchedules from './migrations/0077-report-schedules';
import * as reportDestinations from './migrations/0078-report-destinations';
import * as secondFactors from './migrations/0079-second-factors';
import * as passkeys from './migrations/0080-passkeys';
import * as shareLinks from './migrations/0081-share-links';
import * as retention from './migrations/0082-retention';
import * as workspaces from './migrations/0083-workspaces';
import * as activityFolds from './migrations/0086-activity-folds';
import * as activityPending from './migrations/0087-activity-pending';

/** In order of name; a migration that has landed is never edited. */
const provider: MigrationProvider = {
  getMigrations: async () => ({
    '0001-first': first,
    '0002-original': original,
    '0003-witness-and-silences': witness,
    '0004-whole-artefacts': wholeArtefacts,
    '0005-tails': tails,
    '0006-probes': probes,
    '0007-sidecars-set-aside': setAside,
    '0008-forwarders': forwarders,
    '0009-re-encoders': reEncoders,
    '0010-attestation-requests': attestationRequests,
    '0011-trees-and-log': treesAndLog,
    '0012-retired-keys': retiredKeys,
    '0013-packages': packages,
    '0014-signed-by-issuer': signedByIssuer,
    '0015-packages-signed-by': packagesSignedBy,
    '0016-evidence-damage': evidenceDamage,
    '0017-tail-seals': tailSeals,
    '0020-job-failures': jobFailures,
    '0024-rule-texts': ruleTexts,
    '0025-excerpts': excerpts,
    '0027-time-facts': timeFacts,
    '0030-sign-in-failures': signInFailures,
    '0031-audit-log': auditLog,
    '0032-actor-ids': actorIds,
    '0033-rule-watermarks': ruleWatermarks,
    '0034-finding-measures': findingMeasures,
    '0035-relation-of-uploads': relationOfUploads,
    '0036-reference-verifier': referenceVerifier,
    '0037-boundary-problems': boundaryProblems,
    '0038-checked-sidecars': checkedSidecars,
    '0039-re-serialising-shippers': reSerialisingShippers,
    '0041-preferences': preferences,
    '0042-views': views,
    '0044-figures': figures,
    '0046-rules-seen': rulesSeen,
    '0047-triage': triage,
    '0048-own-rules': ownRules,
    '0050-cases': cases,
    '0052-rule-backfills': ruleBackfills,
    '0053-rule-costs': ruleCosts,
    '0054-notifications': notifications,
    '0055-suppressions': suppressions,
    '0060-rule-looks': ruleLooks,
    '0060-undone-changes': undoneChanges,
    '0060-when-expiry-was-told': whenExpiryWasTold,
    '0061-noted-as-suppressed': notedAsSuppressed,
    '0062-order-of-findings': orderOfFindings,
    '0063-around-findings': aroundFindings,
    '0064-findings-of-a-period': findingsOfAPeriod,
    '0065-auth-schema': authSchema,
    '0066-windows-edited': windowsEdited,
    '0067-looked-again': lookedAgain,
    '0068-roles': roles,
    '0069-access-links': accessLinks,
    '0072-report-runs': reportRuns,
    '0073-activity': activity,
    '0076-report-definitions': reportDefinitions,
    '0077-report-schedules': reportSchedules,
    '0078-report-destinations': reportDestinations,
    '0079-second-factors': secondFactors,
    '0080-passkeys': passkeys,
    '0081-share-links': shareLinks,
    '0082-retention': retention,
    '0083-workspaces': workspaces,
    '0086-activity-folds': activityFolds,
    '0087-activity-pending': activityPending,
  }),
};

/** One process at a time changes the schema. */
const LOCK = sql`hashtextextended('sealtrail:migrate', 0)`;

/** Names of the migrations that a database has had, in order; none of an empty one. */
export async function appliedMigrations(db: Db | Tx): Promise<string[]> {
  const there = await sql<{ found: boolean }>`SELECT to_regclass('kysely_migration') IS NOT NULL AS found`.execute(db);
  if (!there.rows[0]?.found) return [];
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name COLLATE "C"`.execute(db);
  return rows.map(({ name }) => name);
}

/** Those of `names` that this release does not know: a later one made them. */
export async function unknownMigrations(names: readonly string[]): Promise<string[]> {
  const known = await provider.getMigrations();
  return names.filter((name) => !Object.hasOwn(known, name));
}

/**
 * Makes the schema of an empty database as it was after these migrations, in the caller's transaction; who else would change it waits for its end.
 * Gives what brings it up to date from there.
 */
export async function migrateTo(
  tx: Tx,
  names: readonly string[],
  workspaceId: string,
): Promise<{ migrateOn(): Promise<void> }> {
  await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(tx);
  const migrator = migratorOf(tx, workspaceId);
  const { error } = await migrator.migrateTo(names.at(-1) ?? NO_MIGRATIONS);
  if (error) throw error;
  return {
    async migrateOn() {
      const { error } = await migrator.migrateToLatest();
      if (error) throw error;
    },
  };
}

/** Without its schema the list of migrations that were done would be looked for in every one. */
function migratorOf(db: ConstructorParameters<typeof Migrator>[0]['db'], workspaceId: string): Migrator {
  return new Migrator({
    db,
    provider,
    ...(workspaceId !== DEFAULT_WORKSPACE && { migrationTableSchema: schemaOf(workspaceId) }),
  });
}

/** Brings the schema of a workspace up to date, `also` what a library keeps of its own. Safe to call from any number of processes at once: one works, the others wait. */
export async function migrate(pool: pg.Pool, workspaceId: string, also: () => Promise<void>): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await db.connection().execute(async (connection) => {
    await sql`SELECT pg_advisory_lock(${LOCK})`.execute(connection);
    try {
      const { error } = await migratorOf(connection, workspaceId).migrateToLatest();
      if (error) throw error;
      await also();
    } finally {
      await sql`SELECT pg_advisory_unlock(${LOCK})`.execute(connection);
    }
  });
}
