import 'server-only';
import { type Bundle, bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder, type Signer, type Witness } from '@sigstore/sign';
import { checkWords, isMet } from '../../core/checks/check';
import { AppError } from '../../core/errors';
import { STATEMENT_MEDIA_TYPE } from '../../core/statements/dsse';
import { type Trust, verifyBundle } from '../../core/statements/verify-bundle';
import { signingFailure } from './failure';

/** Signs, has it witnessed, and gives the bundle out only if it verifies. @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED. */
export async function signBundle(
  payload: Buffer,
  { signer, witnesses, trust }: { signer: Signer; witnesses: readonly Witness[]; trust: Trust },
): Promise<Bundle> {
  let bundle: Bundle;
  try {
    bundle = await new DSSEBundleBuilder({ signer, witnesses: [...witnesses] }).create({
      type: STATEMENT_MEDIA_TYPE,
      data: payload,
    });
  } catch (error) {
    throw signingFailure(error, 'the statement could not be signed');
  }
  const { ok, steps } = verifyBundle(bundleToJSON(bundle), { trust });
  if (!ok)
    throw new AppError(
      'SIGNING_FAILED',
      `what was signed does not hold and was thrown away: ${steps
        .filter((check) => !isMet(check))
        .map(checkWords)
        .join('; ')}`,
    );
  return bundle;
}
