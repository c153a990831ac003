import { BadgeCheck, Clock, FileCheck2, FingerprintPattern, Link2 } from 'lucide-react';
import type { ComponentType } from 'react';

const CHECKS: { icon: ComponentType<{ size?: number; className?: string }>; title: string; what: string }[] = [
  {
    icon: FingerprintPattern,
    title: 'Who signed',
    what: 'the signature, by a key you give or a certificate of Sigstore',
  },
  { icon: Clock, title: 'When', what: 'timestamps, and the place in a transparency log' },
  { icon: BadgeCheck, title: 'What it says', what: 'the statement, in words' },
  { icon: FileCheck2, title: 'About which bytes', what: 'SHA-256 of your files against those it names' },
  { icon: Link2, title: 'Whether the chain holds', what: 'every record hashed again and linked to the one before' },
];

/** What this page does, before anything is dropped on it. */
export function Introduction({ isWhole }: { /** Whether all of it is in this page. */ isWhole: boolean }) {
  return (
    <div className="mt-4 mb-6 sm:mt-8">
      <h1 className="text-2xl font-semibold tracking-[-0.018em]">Check an audit log and what was signed about it</h1>
      <p className="mt-2 max-w-[64ch] text-lg text-muted">
        {isWhole
          ? 'Everything is read and checked on this machine, by this page alone. It cannot reach the network: its own policy forbids it, and it works with the network off. You need not trust who gave it to you: keep a copy and compare.'
          : 'Everything is read and checked on this machine, by this page alone. All it can fetch is the code that checks, which it names by SHA-256; its own policy forbids the rest, so nothing you drop leaves it. Saved, it is one file that works with the network off. You need not trust who gave it to you: keep a copy and compare.'}
      </p>
      <ol className="mt-6 grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
        {CHECKS.map(({ icon: Icon, title, what }) => (
          <li key={title} className="flex gap-3">
            <Icon size={18} className="mt-0.5 shrink-0 text-faint" />
            <p className="text-base">
              <span className="font-medium">{title}</span>
              <span className="block text-muted">{what}</span>
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}
