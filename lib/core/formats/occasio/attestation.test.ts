import { bundleToJSON } from '@sigstore/bundle';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keylessSigner } from '../../../attest/signers/keyless';
import { trustSource } from '../../../attest/signers/trust-source';
import { createHasher } from '../../../crypto/hasher';
import { readSigning } from '../../../config/signing-env';
import { fixture } from '../../../testing/fixtures';
import { type StandIns, startStandIns } from '../../../testing/sigstore/stand-ins';
import { readSignatureKey } from '../../../crypto/signature-keys';
import { readObject } from '../read-line';
import { occasio } from './format';
import { statementPayload } from '../../statements/dsse';
import { type AgentAttestation, buildAgentAttestation } from '../../statements/predicates/agent-attestation';
import { verifyBundle } from '../../statements/verify-bundle';
import { recogniseSidecar } from '../../sidecars/recognise-sidecar';
import { createSidecarWalk } from '../../sidecars/walk';

const RUN = '3f2a9d1c-0001-4000-8000-000000000001';
const log = fixture('occasio', 'valid');
const lines = Buffer.from(log).toString('utf8').trimEnd().split('\n');
const records = lines.map((line) => readObject(Buffer.from(line))).filter((record) => record.run_id === RUN);

let standIns: StandIns;
let folder: string;
let sign: (change?: (predicate: AgentAttestation) => void, type?: string) => Promise<string>;
let hasher: Awaited<ReturnType<typeof createHasher>>;
beforeAll(async () => {
  hasher = await createHasher();
  standIns = await startStandIns();
  folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-occasio-'));
  const file = (name: string, content: unknown) => {
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    return path.join(folder, name);
  };
  const signing = readSigning({
    NODE_ENV: 'test',
    SEALTRAIL_SIGNER: 'keyless',
    SEALTRAIL_SIGNING_CONFIG: file('signing_config.json', standIns.signingConfig(1)),
    SEALTRAIL_TRUSTED_ROOT: file('trusted_root.json', standIns.trustedRoot),
    SEALTRAIL_IDENTITY_TOKEN_FILE: file(
      'token',
      standIns.token({ sub: 'ci@example.com', email: 'ci@example.com', email_verified: true }),
    ),
  });
  const now = () => new Date();
  const signer = keylessSigner(signing, trustSource({ signing, dataDir: folder }, now), now);
  sign = async (change = () => undefined, type) => {
    const statement = buildAgentAttestation(
      { run: RUN, records, chainFile: 'valid.jsonl', generatedAt: '2026-05-12T09:00:01.000Z' },
      [],
    );
    const predicate = structuredClone(statement.predicate) as AgentAttestation; // built a moment ago
    change(predicate);
    return JSON.stringify(
      bundleToJSON(
        await signer.sign(
          Buffer.from(
            statementPayload({
              ...statement,
              ...(type && { predicateType: type }),
              predicate: type ? { ...predicate, predicate_type: type } : predicate,
            }),
          ),
        ),
      ),
    );
  };
}, 60_000);
afterAll(async () => {
  await standIns.close();
  rmSync(folder, { recursive: true });
});

function verifyAttestation(text: string, bytes: Uint8Array = log, trustedRoots: unknown[] = [standIns.trustedRoot]) {
  const walk = createSidecarWalk(
    occasio,
    { hasher, readKey: readSignatureKey, bundles: { trustedRoots, verify: verifyBundle } },
    { sidecars: [{ kind: 'occasio-attestation', file: 'attestation.sigstore.json', text }], keys: [] },
  );
  walk?.push(bytes);
  const { checkedSidecars, problems } = walk?.end() ?? { checkedSidecars: [], problems: [] };
  return {
    holds: checkedSidecars[0]?.holds,
    message: checkedSidecars[0]?.message,
    codes: problems.map(({ code }) => code),
  };
}
const withLines = (change: (list: string[]) => string[]) => Buffer.from(`${change([...lines]).join('\n')}\n`);

describe('an attestation Occasio made of a run', () => {
  it('holds for the log the run is in, by whoever the certificate names', async () => {
    expect(verifyAttestation(await sign())).toEqual({
      holds: true,
      message: expect.stringMatching(/fits 227 records, 1 to 227; signed by ci@example\.com/),
      codes: [],
    });
  });

  it('holds for a log that went on since, under its old name, and inside Occasio’s own package', async () => {
    const longer = withLines((list) => [...list, list[5] ?? '']);
    expect(verifyAttestation(await sign(), longer).holds).toBe(true);
    expect(
      verifyAttestation(await sign(undefined, 'https://github.com/localfirst-ai/localfirst/spec/agent-attestation/v1'))
        .holds,
    ).toBe(true);
    expect(
      verifyAttestation(JSON.stringify({ schema: 'occasio-bundle/v1', sigstore_bundle: JSON.parse(await sign()) }))
        .holds,
    ).toBe(true);
  });

  it('catches a log that lost its end, its beginning, or a record of the run', async () => {
    const text = await sign();
    expect(
      verifyAttestation(
        text,
        withLines((list) => list.slice(0, -1)),
      ),
    ).toMatchObject({ holds: false, codes: ['shorter-than-witnessed'] });
    expect(
      verifyAttestation(
        text,
        withLines((list) => list.slice(2)),
      ),
    ).toMatchObject({ holds: false, codes: ['history-rewritten'] });
    expect(
      verifyAttestation(
        text,
        withLines((list) => list.toSpliced(50, 1)),
      ),
    ).toMatchObject({ holds: false, codes: ['session-mismatch'] });
  });

  it('catches a statement that sums up the run otherwise than its records do', async () => {
    expect(verifyAttestation(await sign((predicate) => (predicate.execution_summary.blocked -= 1)))).toMatchObject({
      holds: false,
      codes: ['session-mismatch'],
      message: expect.stringContaining('sums up the run otherwise'),
    });
    expect(
      verifyAttestation(
        await sign(({ subject }) => subject.git_state?.run_end && (subject.git_state.run_end.dirty = false)),
      ),
    ).toMatchObject({
      holds: false,
      codes: ['session-mismatch'],
      message: expect.stringContaining('state of the repository'),
    });
  });

  it('catches a statement that was changed after it was signed', async () => {
    const bundle: { dsseEnvelope: { payload: string } } = JSON.parse(await sign());
    bundle.dsseEnvelope.payload = Buffer.from(
      Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8').replace('"blocked":', '"blocked": '),
    ).toString('base64');
    expect(verifyAttestation(JSON.stringify(bundle)).holds).not.toBe(true);
  });

  it('proves nothing when nobody known vouches for its certificate', async () => {
    expect(verifyAttestation(await sign(), log, [])).toEqual({
      holds: null,
      message: expect.stringContaining('fits the records; its signature could not be checked'),
      codes: [],
    });
    expect(
      verifyAttestation(
        await sign(),
        withLines((list) => list.slice(0, -1)),
        [],
      ),
    ).toMatchObject({ holds: null, codes: [] });
  });

  it('is told from other files by what is in it', async () => {
    expect(recogniseSidecar('attestation.sigstore.json', await sign())).toBe('occasio-attestation');
    expect(recogniseSidecar('attestation.sigstore.json', '{}')).toBeNull();
    expect(verifyAttestation('{"damaged')).toMatchObject({ holds: false, codes: ['unreadable-evidence'] });
  });
});
