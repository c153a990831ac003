import { Time } from '@/app/_components/time/time';
import type { ChainDetail } from '@/lib/schemas/chains';

/** Which shippers re-serialised records of the chain, and what to set; nothing when none did. */
export function ReSerialisedNotice({ chain }: { chain: ChainDetail }) {
  if (chain.reSerialised.length === 0) return null;
  return (
    <section aria-label="Re-serialised on the way" className="mb-4 max-w-[76ch] border-l-2 border-v-warnings pl-3">
      <h2 className="font-medium">A shipper re-serialises records on their way here</h2>
      {chain.reSerialised.map(({ shipper, message, lastAt }) => (
        <p key={shipper} className="mt-1 text-muted">
          {message} Last at <Time at={lastAt} />.
        </p>
      ))}
      <p className="mt-1 text-muted">
        What cannot be proven from those bytes is reported as it stands. Send the original file as an upload to have it
        verified by itself.
      </p>
    </section>
  );
}
