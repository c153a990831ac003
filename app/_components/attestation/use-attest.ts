'use client';
import { useRouter } from 'next/navigation';
import { api } from '../api/client';
import { toast } from '../ui/toasts';

/** Has something attested and opens the attestation. What cannot be signed yet waits: that is said, and shown at `waiting`. */
export function useAttest() {
  const router = useRouter();
  return async ({
    path,
    scope,
    title = 'It waits to be signed',
    waiting,
  }: {
    path: string;
    /** Without it: everything. */
    scope?: object;
    title?: string;
    waiting?: string;
  }): Promise<'leaving' | void> => {
    const [{ Attested }, { VERDICT_LOOK }] = await Promise.all([
      import('@/lib/schemas/attested'),
      import('../verdict/verdicts'),
    ]);
    const answer = await api(Attested, path, { method: 'POST', body: scope ? { scope } : {} });
    if ('verdict' in answer) {
      toast(`Signed: ${VERDICT_LOOK[answer.verdict].word}`, { description: VERDICT_LOOK[answer.verdict].meaning });
      router.push(`/attestations/${answer.id}`);
      return 'leaving';
    }
    toast(title, { description: answer.failure ?? '' });
    if (waiting !== undefined) router.push(waiting);
  };
}
