import { type Kysely, sql } from 'kysely';

/**
 * Figures of all chains by verdict, kept so that nothing has to go through all chains for them. Whatever changes a chain's verdict, its records or
 * what of them is signed notes the chain in `figure_changes`, in its own transaction and without waiting for another; `foldFigures` counts those
 * chains anew.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE chain_figures (
    chain_id uuid PRIMARY KEY,
    verdict text NOT NULL,
    records bigint NOT NULL,
    attested bigint NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX chain_figures_unsigned ON chain_figures (chain_id) WHERE attested < records`.execute(db);
  await sql`CREATE TABLE verdict_figures (
    verdict text PRIMARY KEY,
    chains bigint NOT NULL,
    records bigint NOT NULL,
    attested bigint NOT NULL
  )`.execute(db);
  await sql`CREATE TABLE figure_changes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, chain_id uuid NOT NULL)`.execute(
    db,
  );
  await sql`CREATE INDEX chains_verdict ON chains (verdict, id)`.execute(db);
  await noteChains(db);
  await noteSegments(db);
  await noteAttestations(db);
  await sql`INSERT INTO figure_changes (chain_id) SELECT id FROM chains`.execute(db);
}

async function noteChains(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE FUNCTION note_chain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO figure_changes (chain_id) VALUES (coalesce(NEW.id, OLD.id));
    RETURN NULL;
  END $$`.execute(db);
  await sql`CREATE TRIGGER note_chain AFTER INSERT OR DELETE ON chains FOR EACH ROW EXECUTE FUNCTION note_chain()`.execute(
    db,
  );
  await sql`CREATE TRIGGER note_changed_chain AFTER UPDATE ON chains FOR EACH ROW
    WHEN (OLD.verdict IS DISTINCT FROM NEW.verdict OR OLD.records IS DISTINCT FROM NEW.records)
    EXECUTE FUNCTION note_chain()`.execute(db);
}

async function noteSegments(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE FUNCTION note_segments() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO figure_changes (chain_id) SELECT DISTINCT chain_id FROM changed;
    RETURN NULL;
  END $$`.execute(db);
  await sql`CREATE TRIGGER note_new_segments AFTER INSERT ON chain_segments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_segments()`.execute(db);
  await sql`CREATE TRIGGER note_lost_segments AFTER DELETE ON chain_segments REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_segments()`.execute(db);
  await sql`CREATE FUNCTION note_chain_of() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO figure_changes (chain_id) VALUES (NEW.chain_id);
    RETURN NULL;
  END $$`.execute(db);
  await sql`CREATE TRIGGER note_changed_segments AFTER UPDATE ON chain_segments FOR EACH ROW
    WHEN (OLD.records IS DISTINCT FROM NEW.records OR OLD.digest IS DISTINCT FROM NEW.digest)
    EXECUTE FUNCTION note_chain_of()`.execute(db);
}

async function noteAttestations(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TRIGGER note_attested AFTER INSERT ON attestation_chains REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_segments()`.execute(db);
  await sql`CREATE FUNCTION note_attested_segments() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO figure_changes (chain_id)
      SELECT DISTINCT l.chain_id FROM changed c JOIN attestation_chains l ON l.attestation_id = c.attestation_id WHERE l.chain_id IS NOT NULL;
    RETURN NULL;
  END $$`.execute(db);
  await sql`CREATE TRIGGER note_attested_segments AFTER INSERT ON attestation_segments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_attested_segments()`.execute(db);
  await sql`CREATE FUNCTION note_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO figure_changes (chain_id)
      SELECT chain_id FROM attestation_chains WHERE attestation_id = NEW.id AND chain_id IS NOT NULL;
    RETURN NULL;
  END $$`.execute(db);
  await sql`CREATE TRIGGER note_withdrawn AFTER UPDATE ON attestations FOR EACH ROW
    WHEN (OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at) EXECUTE FUNCTION note_withdrawn()`.execute(db);
}
