import { Published } from '@/app/_components/access/published';
import { Download } from 'lucide-react';
import { Time } from '@/app/_components/time/time';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { CopyButton, Hash } from '@/app/_components/ui/hash';
import type { TrustInfo } from '@/lib/schemas/trust';

/** Who signs now, and every key that ever did. */
export function TrustKeys({ signer, keys }: Pick<TrustInfo, 'signer' | 'keys'>) {
  return (
    <Card title="Who signs" flush>
      <p className="border-b px-4 py-3 text-muted">
        {signer === null
          ? 'The signer is not reachable now; what was signed can be checked all the same.'
          : signer.keyHint === null
            ? 'Each statement is signed with a key that lives for that one signature, under a certificate for the identity of this server (keyless). The trusted root says which authority issues those certificates.'
            : `Statements are signed with ${signer.name === 'local key' ? 'a key kept on this server' : `the key of a ${signer.name}`}, ${signer.algorithm}.`}
      </p>
      <ul className="divide-y divide-line">
        {keys.map((key) => (
          <li key={key.hint} className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
            <div className="min-w-0 flex-1 basis-80">
              <p>
                <span className="font-medium">{key.algorithm}</span>
                <span className="text-muted">
                  , since <Time at={key.createdAt} />
                  {key.retiredAt ? (
                    <>
                      , retired <Time at={key.retiredAt} />; what it signed still verifies
                    </>
                  ) : signer?.keyHint === null ? (
                    '; what it signed before still verifies'
                  ) : (
                    ', in use'
                  )}
                </span>
              </p>
              <Hash value={key.hint} whole className="text-muted" />
            </div>
            <div className="flex items-center gap-1">
              <CopyButton value={key.publicKeyPem} label="Copy PEM" />
              <Published
                path={`/api/v1/signing-keys/${encodeURIComponent(key.hint)}.pem`}
                download
                className={buttonClass('plain', 'sm')}
              >
                <Download size={14} aria-hidden />
                PEM<span className="sr-only"> of {key.hint}</span>
              </Published>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
