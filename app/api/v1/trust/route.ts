import { handler } from '@/app/_server/handler';
import { getTrustInfo } from '@/lib/attest/trust-info';
import { TrustInfo } from '@/lib/schemas/trust';

/** By what this installation's signatures are to be checked, for anybody. */
export const GET = handler(
  {
    summary: 'By what signatures of this installation are checked: keys, the log and its witnesses.',
    access: 'public',
    response: TrustInfo,
  },
  ({ ctx }) => getTrustInfo(ctx),
);
