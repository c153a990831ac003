import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { Published, PublishedAt } from '@/app/_components/access/published';
import { publishedOf } from '@/app/_server/auth';
import { AppError } from '@/lib/core/errors';
import { Download } from 'lucide-react';
import { buttonClass } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Command } from '@/app/_components/ui/command';
import { PageHead } from '@/app/_components/ui/page-head';
import { getTrustInfo } from '@/lib/attest/trust-info';
import { context } from '@/lib/compose';
import { Log } from './_components/log';
import { TrustKeys } from './_components/trust-keys';

export const metadata = { title: 'Trust' };
export const dynamic = 'force-dynamic';

/** By what our signatures are to be checked, for anybody, signed in or not. */
export default async function TrustPage() {
  const ctx = await publishedOf(await context(), await headers()).catch(orNotFound);
  const trust = await getTrustInfo(ctx);
  const host = new URL(trust.url).host;
  const isKeyless = trust.signer
    ? trust.signer.keyHint === null
    : trust.keys.every(({ retiredAt }) => retiredAt !== null);
  const key = isKeyless
    ? undefined
    : (trust.keys.find(({ hint }) => hint === trust.signer?.keyHint) ??
      trust.keys.find(({ retiredAt }) => retiredAt === null));
  return (
    <PublishedAt workspaceUrl={trust.url}>
      <PageHead
        title={`How to check what ${host} signed`}
        lead="Keys, certificates and the log by which signatures of this Sealtrail are checked. Compare them with what you were given by other means: a key that comes with what it signed proves only that both are from one hand."
        actions={
          trust.hasTrustedRoot && (
            <Published path="/api/v1/trust/trusted_root.json" download className={buttonClass('plain')}>
              <Download size={14} aria-hidden />
              Trusted root
            </Published>
          )
        }
      />
      <div className="space-y-4">
        <TrustKeys signer={trust.signer} keys={trust.keys} />
        <Log log={trust.log} url={trust.url} />
        <Card title="Check a bundle">
          <div className="space-y-4">
            <div>
              <p className="mb-1.5">
                In a browser, offline: the{' '}
                <a href="/verify" className="link">
                  verifier
                </a>{' '}
                takes the bundle, the log and a key or trusted root, and sends nothing anywhere.{' '}
                <a href="/verify?download" download className="link">
                  Save it
                </a>{' '}
                as one file to keep.
              </p>
            </div>
            <div>
              <p className="mb-1.5">With cosign:</p>
              <Command>
                {key
                  ? `curl -fo sealtrail.pem '${trust.url}/api/v1/signing-keys/${encodeURIComponent(key.hint)}.pem'\ncosign verify-blob-attestation --key sealtrail.pem --insecure-ignore-tlog \\\n  --bundle BUNDLE.sigstore.json --type https://sealtrail.dev/attestation/audit-chain-segment/v1 LOG.jsonl`
                  : `curl -fo trusted_root.json ${trust.url}/api/v1/trust/trusted_root.json\ncosign verify-blob-attestation --trusted-root trusted_root.json \\\n  --certificate-identity IDENTITY --certificate-oidc-issuer ISSUER \\\n  --bundle BUNDLE.sigstore.json --type https://sealtrail.dev/attestation/audit-chain-segment/v1 LOG.jsonl`}
              </Command>
            </div>
            <div>
              <p className="mb-1.5">Everything on this page as JSON:</p>
              <Command>{`curl -f ${trust.url}/api/v1/trust`}</Command>
            </div>
          </div>
        </Card>
      </div>
    </PublishedAt>
  );
}

function orNotFound(error: unknown): never {
  if (error instanceof AppError && error.code === 'NOT_FOUND') notFound();
  throw error;
}
