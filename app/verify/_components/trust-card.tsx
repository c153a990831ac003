import { useState } from 'react';
import { Card } from '@/app/_components/ui/card';
import { buttonClass } from '@/app/_components/ui/button';
import type { Expected } from '@/lib/verify/page/messages';
import type { TrustItem } from '@/lib/verify/page/outcome';

/** What is trusted and why, and who should have signed. */
export function TrustCard({
  trust,
  onExpect,
}: {
  trust: readonly TrustItem[];
  onExpect(expected: Expected | null): void;
}) {
  return (
    <Card title="Trust material" flush>
      <ul className="divide-y divide-line">
        {trust.map(({ name, what, why, selfAttested }) => (
          <li key={`${name} ${what}`} className="px-4 py-2.5 text-base">
            <p className="font-medium [overflow-wrap:anywhere]">
              {what}
              {selfAttested && <span className="font-normal text-v-warnings"> self-attested</span>}
            </p>
            <p className="text-muted [overflow-wrap:anywhere]">
              {name}: {why}.
            </p>
          </li>
        ))}
      </ul>
      <ExpectedSigner onExpect={onExpect} />
    </Card>
  );
}

const FIELD = 'h-8 w-full rounded-md border border-edge bg-surface px-2';

function ExpectedSigner({ onExpect }: { onExpect(expected: Expected | null): void }) {
  const [subject, setSubject] = useState('');
  const [issuer, setIssuer] = useState('');
  return (
    <details className="border-t px-4 py-2.5">
      <summary className="text-muted">Who should have signed, for certificates</summary>
      <form
        className="mt-2 grid gap-3 sm:grid-cols-[1fr_1fr_auto] sm:items-end"
        onSubmit={(event) => {
          event.preventDefault();
          onExpect(subject === '' && issuer === '' ? null : { subject, issuer });
        }}
      >
        <label className="block">
          Identity, a mail address or URI
          <input value={subject} onChange={({ target }) => setSubject(target.value.trim())} className={FIELD} />
        </label>
        <label className="block">
          Issuer that authenticated it
          <input value={issuer} onChange={({ target }) => setIssuer(target.value.trim())} className={FIELD} />
        </label>
        <button type="submit" className={buttonClass('plain')}>
          Check again
        </button>
      </form>
      <p className="mt-1.5 text-muted">
        Left empty, any identity certified under the trusted root is accepted; the check names it.
      </p>
    </details>
  );
}
