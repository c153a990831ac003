import 'server-only';
import type { Context } from '../context';
import { checkWords, isMet } from '../core/checks/check';
import { verifyRecordProof } from '../core/merkle/verify-record-proof';
import { KEY_ONLY, type Trust } from '../core/statements/verify-bundle';
import { ownKeys } from '../db/signed-by';
import { type RunSample, SampledProof } from '../schemas/run-sample';

/** What of the proofs of a sample does not hold: each must be of the record that was drawn, with its line, and of a head that this installation had signed. */
export async function wrongProofs(
  ctx: Context,
  {
    records,
    lines,
    proofs,
    trustedRoot,
  }: Pick<RunSample, 'records'> & { lines: Buffer; proofs: string; trustedRoot: unknown },
): Promise<{ line: number; expected: string; found: string }[]> {
  const trust = await ownTrust(ctx, trustedRoot);
  const given = proofs.split('\n').slice(0, -1);
  if (given.length !== records.length)
    return [{ line: given.length, expected: `${records.length} proofs`, found: `${given.length}` }];
  let at = 0;
  return records.flatMap(({ chainId, ordinal, byteLength }, index) => {
    const bytes = lines.subarray(at, at + byteLength);
    at += byteLength + 1;
    const { proof, ...of } = SampledProof.parse(JSON.parse(given[index] ?? ''));
    const wrong = (found: string) => [
      { line: index + 1, expected: `a proof of record ${ordinal} of ${chainId}`, found },
    ];
    if (of.chainId !== chainId || of.ordinal !== ordinal) return wrong(`one of record ${of.ordinal} of ${of.chainId}`);
    if (proof === null) return [];
    const { record, steps } = verifyRecordProof(proof, { trust, checkpointKeys: [] });
    const failed = steps.find((step) => !isMet(step));
    if (failed) return wrong(checkWords(failed));
    if (record?.ordinal !== ordinal || !bytes.equals(record.line)) return wrong('one of another line');
    return [];
  });
}

/** In every key and every identity that attestations of this installation were signed by. */
async function ownTrust({ db }: Context, trustedRoot: unknown): Promise<Trust> {
  const signers = await db
    .selectFrom('attestations')
    .select(['signed_by', 'signed_by_issuer'])
    .distinct()
    .where('signed_by', 'is not', null)
    .execute();
  return {
    keys: await ownKeys(db),
    trustedRoot,
    identities: [
      KEY_ONLY,
      ...signers.map(({ signed_by: subject, signed_by_issuer: issuer }) => ({
        subject: subject ?? '',
        issuer: issuer ?? '',
      })),
    ],
    require: { logEntries: 0, timestamps: 0 },
  };
}
