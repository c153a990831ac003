import { digestAt } from '@/lib/core/chain/digest-bytes';
import { parseCheckpoint } from '@/lib/core/merkle/checkpoint';
import { RECORD_PROOF_MEDIA_TYPE, type RecordProof, formatRecordProof } from '@/lib/core/merkle/record-proof';
import { type NoteKey, parseVerifierKey } from '@/lib/core/merkle/signed-note';
import { parseTlogProof } from '@/lib/core/merkle/tlog-proof';
import { type RecordProofCheck, verifyRecordProof } from '@/lib/core/merkle/verify-record-proof';
import { described } from '@/lib/core/checks/check';
import { checkLine } from './check-line';
import { CliError } from './cli-error';
import { print, visible } from './output';
import { readText } from './read-text';
import { type TrustOptions, readTrust, trustsSomebody } from './read-trust';

/** Characters of the record that are shown. */
const SHOWN = 2_000;

export type Options = TrustOptions & { logKey: string[]; witnessKey: string[]; json?: true };

/** Checks the proof, prints each step, and sets the exit status. */
export async function verifyProof(file: string, options: Options): Promise<void> {
  if (options.logKey.length === 0 && !trustsSomebody(options))
    throw new CliError('say whom to trust: --key, --trusted-root with an identity, or --log-key');
  const checkpointKeys = await Promise.all([
    ...options.logKey.map((key) => readVerifierKey(key, 'ed25519')),
    ...options.witnessKey.map((key) => readVerifierKey(key, 'cosignature')),
  ]);
  const trust = trustsSomebody(options) ? await readTrust(options) : null;
  const proof = readProof(file, await readText(file));
  const check = verifyRecordProof(proof, { trust, checkpointKeys });
  if (trust?.identities.length === 0 && check.bundle?.signedBy?.kind === 'certificate')
    throw new CliError(
      `${file} is signed under a certificate: say whose it must be with --certificate-identity and --certificate-oidc-issuer`,
    );
  const line = check.record && new TextDecoder().decode(check.record.line);
  if (options.json)
    await print(
      `${JSON.stringify({ proof: file, ok: check.ok, record: check.record && { ordinal: check.record.ordinal, line, treeSize: check.record.treeSize }, signedBy: check.bundle?.signedBy ?? null, cosignedAt: check.cosignedAt, steps: check.steps.map(described) })}\n`,
    );
  else await print(tell(file, check, line));
  process.exitCode = check.ok ? 0 : 1;
}

async function readVerifierKey(text: string, kind: NoteKey['kind']): Promise<NoteKey> {
  const isKey = /^[^\s+]+\+[0-9a-f]{8}\+/.test(text);
  try {
    const key = parseVerifierKey((isKey ? text : await readText(text)).trim());
    if (key.kind !== kind)
      throw new Error(
        kind === 'ed25519'
          ? 'the verifier key is one of a witness'
          : 'the verifier key is not one of a witness (type 04)',
      );
    return key;
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`${text}: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Either kind of proof as a record proof. */
function readProof(file: string, text: string): unknown {
  try {
    return text.startsWith('c2sp.org/') ? fromTlogProof(text) : JSON.parse(text);
  } catch (error) {
    throw new CliError(`${file} is no proof of a record: ${error instanceof Error ? error.message : ''}`);
  }
}

/** The text carries the record's line as its extra data. */
function fromTlogProof(text: string): unknown {
  const { extra, index, hashes, checkpoint } = parseTlogProof(text);
  if (!extra) throw new Error('it carries no record');
  const { size, rootHash } = parseCheckpoint(checkpoint);
  const proof: RecordProof = {
    mediaType: RECORD_PROOF_MEDIA_TYPE,
    record: { ordinal: index, line: Uint8Array.from(extra) },
    tree: { size, rootHash: digestAt(rootHash, 0) },
    hashes: hashes.map((hash) => Uint8Array.from(hash)),
    checkpoint,
    bundle: null,
    log: null,
  };
  return JSON.parse(formatRecordProof(proof));
}

function tell(file: string, { ok, steps, record }: RecordProofCheck, line: string | null): string {
  const reported = steps.map(checkLine);
  const shown =
    record && line !== null
      ? [`  record ${record.ordinal}: ${visible(line.slice(0, SHOWN))}${line.length > SHOWN ? '…' : ''}`]
      : [];
  return `${[`${visible(file)}  ${ok ? 'holds' : 'does not hold'}`, ...reported, ...shown].join('\n')}\n`;
}
