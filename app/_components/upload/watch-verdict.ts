import { ChainDetail } from '@/lib/schemas/chains';
import { api } from '../api/client';

/** Asks for the chain until its verdict is there or a stage says why it cannot be. Gives every answer on the way. */
export async function watchVerdict(
  chainId: string,
  onChain: (chain: ChainDetail) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = 400; !signal.aborted; waitMs = Math.min(3000, waitMs * 1.3)) {
    const chain = await api(ChainDetail, `/api/v1/chains/${chainId}`, { signal });
    onChain(chain);
    if (chain.verdict !== 'pending' || chain.failure) return;
    await new Promise((done) => setTimeout(done, waitMs));
  }
}
