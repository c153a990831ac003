import { createHash, generateKeyPairSync, sign } from 'node:crypto';

const STATEMENT = 'application/vnd.in-toto+json';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A key that signs statements into Sigstore bundles as nono does, calling itself by the SHA-256 of its SPKI. */
export function statementSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const hint = sha256(spki);
  return {
    hint,
    spki: spki.toString('base64'),
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    bundle(statement: object) {
      const payload = Buffer.from(JSON.stringify(statement));
      const covered = Buffer.concat([
        Buffer.from(`DSSEv1 ${STATEMENT.length} ${STATEMENT} ${payload.length} `),
        payload,
      ]);
      return {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: {
          publicKey: { hint },
          tlogEntries: [],
          timestampVerificationData: { rfc3161Timestamps: [] },
        },
        dsseEnvelope: {
          payload: payload.toString('base64'),
          payloadType: STATEMENT,
          signatures: [{ sig: sign('sha256', covered, privateKey).toString('base64'), keyid: hint }],
        },
      };
    },
  };
}

const AT = '2026-05-12T00:00:00.000Z';

/** What Sealtrail states of a whole log in Occasio's format. */
export function chainStatement(log: Buffer, file: string) {
  const lines = log.toString('utf8').trimEnd().split('\n');
  const last: { hash: string } = JSON.parse(lines.at(-1) ?? '{}');
  const digest = { sha256: sha256(log) };
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: file, digest }],
    predicateType: 'https://sealtrail.dev/attestation/audit-chain-segment/v1',
    predicate: {
      chain: { name: file, id: '0198c2f0-0000-7000-8000-000000000000' },
      format: 'occasio',
      tool: { name: 'sealtrail', version: '0.1.0' },
      recordRange: { first: 0, last: lines.length - 1, count: lines.length },
      hashes: { algorithm: 'sha256', previous: null, first: null, last: last.hash },
      countsByDecision: {},
      verdict: 'verified',
      problems: { placed: [], counts: {} },
      rules: [],
      findings: [],
      segments: [
        { name: `${digest.sha256}.jsonl`, digest, byteOffset: 0, sizeBytes: log.length, records: lines.length },
      ],
      timeRange: null,
      verifiedAt: AT,
      attestedAt: AT,
      witnessedHeads: [],
    },
  };
}

/** What Occasio states of a run, agent-attestation/v1, over a log in which each record is a tool call that passed. */
export function runStatement(log: Buffer, run: string) {
  const records = log
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { hash: string; ts: string }); // lines of ours
  const [first, last] = [records[0], records.at(-1)];
  const type = 'https://github.com/occasiolabs/occasio/spec/agent-attestation/v1';
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `occasio:run:${run}`, digest: { sha256: last?.hash } }],
    predicateType: type,
    predicate: {
      schema_version: '1.0.0',
      predicate_type: type,
      subject: { run_id: run },
      agent: {
        platform: 'e2e',
        model: null,
        session_id: run,
        started_at: first?.ts,
        ended_at: last?.ts,
        wall_time_s: records.length - 1,
      },
      policy: { file_hash: '0'.repeat(64), file_path: null, source: 'inferred', version: null, rules_digest: {} },
      execution_summary: {
        tool_calls: records.length,
        local: 0,
        passed: records.length,
        blocked: 0,
        transformed: 0,
        secrets_redacted: 0,
        blocked_events: [],
      },
      audit_chain: {
        genesis: '0'.repeat(64),
        first_hash: first?.hash,
        last_hash: last?.hash,
        event_count: records.length,
        chain_file: 'pipeline-events.jsonl',
        verifier_url: 'https://github.com/occasiolabs/occasio/blob/main/docs/audit_walker.py',
      },
      generated_at: AT,
    },
  };
}
