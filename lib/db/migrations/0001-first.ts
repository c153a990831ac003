import { type Kysely, sql } from 'kysely';

/** Chains, evidence bookkeeping, verdicts, findings, attestations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE chains (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      name text NOT NULL UNIQUE,
      format text NOT NULL,
      generation int NOT NULL,
      verified_generation int NOT NULL DEFAULT 0,
      loaded_generation int NOT NULL DEFAULT 0,
      detected_generation int NOT NULL DEFAULT 0,
      verdict text NOT NULL DEFAULT 'pending',
      records bigint NOT NULL,
      size_bytes bigint NOT NULL,
      head text,
      problem_counts jsonb NOT NULL DEFAULT '{}',
      first_recorded_at text,
      last_recorded_at text,
      verified_at timestamptz,
      failure text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db);
  await sql`
    CREATE TABLE uploads (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      chain_id uuid NOT NULL REFERENCES chains,
      file_name text NOT NULL,
      sha256 text NOT NULL,
      size_bytes bigint NOT NULL,
      records bigint NOT NULL,
      segments int NOT NULL,
      placement text NOT NULL,
      original_encoding text,
      original_sha256 text,
      original_size_bytes bigint,
      received_by text NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db);
  await sql`CREATE INDEX uploads_chain ON uploads (chain_id, received_at)`.execute(db);
  await sql`
    CREATE TABLE upload_segments (
      upload_id uuid NOT NULL REFERENCES uploads,
      index int NOT NULL,
      digest text NOT NULL,
      size_bytes bigint NOT NULL,
      PRIMARY KEY (upload_id, index)
    )`.execute(db);
  await sql`CREATE INDEX upload_segments_digest ON upload_segments (digest)`.execute(db);
  await sql`
    CREATE TABLE chain_segments (
      chain_id uuid NOT NULL REFERENCES chains,
      index int NOT NULL,
      digest text NOT NULL,
      upload_id uuid NOT NULL REFERENCES uploads,
      byte_offset bigint NOT NULL,
      size_bytes bigint NOT NULL,
      records bigint NOT NULL,
      first_record bigint NOT NULL,
      lines bigint NOT NULL,
      first_line bigint NOT NULL,
      loaded_generation int,
      PRIMARY KEY (chain_id, index)
    )`.execute(db);
  await sql`CREATE INDEX chain_segments_digest ON chain_segments (digest)`.execute(db);
  await sql`
    CREATE TABLE segment_checks (
      digest text NOT NULL,
      format text NOT NULL,
      engine int NOT NULL,
      verdict text NOT NULL,
      result jsonb NOT NULL,
      checked_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (digest, format)
    )`.execute(db);
  const problem = sql`
      n int NOT NULL,
      code text NOT NULL,
      severity text NOT NULL,
      record bigint NOT NULL,
      line bigint NOT NULL,
      byte_offset bigint NOT NULL,
      byte_length bigint NOT NULL,
      expected text,
      found text,
      message text NOT NULL`;
  await sql`CREATE TABLE segment_problems (digest text NOT NULL, format text NOT NULL, ${problem}, PRIMARY KEY (digest, format, n))`.execute(
    db,
  );
  await sql`CREATE TABLE joint_problems (chain_id uuid NOT NULL REFERENCES chains, ${problem}, PRIMARY KEY (chain_id, n))`.execute(
    db,
  );
  await sql`
    CREATE TABLE heads (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      chain_id uuid NOT NULL REFERENCES chains,
      upload_id uuid REFERENCES uploads,
      records bigint NOT NULL,
      size_bytes bigint NOT NULL,
      hash text NOT NULL,
      observed_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (chain_id, records, hash)
    )`.execute(db);
  await sql`
    CREATE TABLE rule_runs (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      chain_id uuid NOT NULL REFERENCES chains,
      generation int NOT NULL,
      rule_id text NOT NULL,
      rule_name text NOT NULL,
      rule_digest text NOT NULL,
      window_from timestamptz NOT NULL,
      window_to timestamptz NOT NULL,
      findings int NOT NULL,
      ran_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (chain_id, generation, rule_digest)
    )`.execute(db);
  await sql`
    CREATE TABLE findings (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      rule_id text NOT NULL,
      rule_digest text NOT NULL,
      rule_yaml text NOT NULL,
      title text NOT NULL,
      level text NOT NULL,
      status text NOT NULL DEFAULT 'open',
      group_key text NOT NULL,
      group_values jsonb NOT NULL,
      window_from timestamptz NOT NULL,
      window_to timestamptz NOT NULL,
      peak int NOT NULL,
      threshold int NOT NULL,
      timespan text NOT NULL,
      record_count int NOT NULL,
      records jsonb NOT NULL,
      found_at timestamptz NOT NULL DEFAULT now(),
      superseded_at timestamptz,
      UNIQUE (rule_id, group_key, window_from)
    )`.execute(db);
  await sql`CREATE INDEX findings_time ON findings (window_to DESC, id) WHERE superseded_at IS NULL`.execute(db);
  await sql`
    CREATE TABLE finding_chains (
      finding_id uuid NOT NULL REFERENCES findings ON DELETE CASCADE,
      chain_id uuid NOT NULL REFERENCES chains,
      ordinals jsonb NOT NULL,
      PRIMARY KEY (finding_id, chain_id)
    )`.execute(db);
  await sql`CREATE INDEX finding_chains_chain ON finding_chains (chain_id)`.execute(db);
  await sql`
    CREATE TABLE attestations (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      chain_id uuid NOT NULL REFERENCES chains,
      generation int NOT NULL,
      verdict text NOT NULL,
      predicate_type text NOT NULL,
      subjects jsonb NOT NULL,
      first_record bigint NOT NULL,
      last_record bigint NOT NULL,
      records bigint NOT NULL,
      key_hint text NOT NULL,
      signer text NOT NULL,
      bundle_digest text NOT NULL,
      bundle_size_bytes bigint NOT NULL,
      requested_by text NOT NULL,
      signed_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX attestations_chain ON attestations (chain_id, signed_at DESC)`.execute(db);
  await sql`
    CREATE TABLE attestation_segments (
      attestation_id uuid NOT NULL REFERENCES attestations,
      digest text NOT NULL,
      PRIMARY KEY (attestation_id, digest)
    )`.execute(db);
  await sql`CREATE INDEX attestation_segments_digest ON attestation_segments (digest)`.execute(db);
  await sql`
    CREATE TABLE signing_keys (
      hint text PRIMARY KEY,
      algorithm text NOT NULL,
      public_key_pem text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db);
  await sql`CREATE TABLE workers (id text PRIMARY KEY, seen_at timestamptz NOT NULL)`.execute(db);
  await sql`
    CREATE TABLE setup_tokens (
      token_sha256 text PRIMARY KEY,
      created_at timestamptz NOT NULL DEFAULT now(),
      used_at timestamptz
    )`.execute(db);
}
