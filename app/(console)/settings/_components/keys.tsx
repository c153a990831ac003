import { Published } from '@/app/_components/access/published';
import { Only } from '@/app/_components/access/role';
import { Download } from 'lucide-react';
import { Time } from '@/app/_components/time/time';
import { Card } from '@/app/_components/ui/card';
import { CopyButton, Hash } from '@/app/_components/ui/hash';
import { buttonClass } from '@/app/_components/ui/button';
import type { SigningKey } from '@/lib/schemas/settings';
import { RotateKey } from './rotate-key';

/** The keys attestations are signed with; the private halves never leave this machine. */
export function Keys({ keys, canRotate }: { keys: readonly SigningKey[]; canRotate: boolean }) {
  return (
    <Card
      title={keys.length === 1 ? 'Signing key' : 'Signing keys'}
      aside={
        canRotate && (
          <Only need="administrator">
            <RotateKey />
          </Only>
        )
      }
      flush
    >
      <ul className="divide-y divide-line">
        {keys.map((key) => (
          <li key={key.hint} className="px-4 py-3">
            <div className="flex flex-wrap items-start justify-between gap-3">
              <div className="min-w-0 flex-1 basis-80">
                <p>
                  <span className="font-medium">{key.algorithm}</span>
                  <span className="text-muted">
                    , made <Time at={key.createdAt} />
                    {key.retiredAt === null ? ', in use' : ', retired; what it signed still verifies'}
                  </span>
                </p>
                <p className="mt-1 flex items-start gap-2 text-xs text-faint">
                  <span className="pt-1.5 whitespace-nowrap">Key hint</span>
                  <Hash value={key.hint} whole className="text-muted" />
                </p>
              </div>
              <div className="flex items-center gap-1">
                <CopyButton value={key.publicKeyPem} label="Copy PEM" />
                <Published
                  path={`/api/v1/signing-keys/${key.hint}.pem`}
                  download
                  className={buttonClass('plain', 'sm')}
                >
                  <Download size={14} aria-hidden />
                  Public key
                </Published>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
