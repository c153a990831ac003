import { Card } from '@/app/_components/ui/card';
import { Command } from '@/app/_components/ui/command';
import type { AttestationDetail } from '@/lib/schemas/attestations';

/** Commands that check the bundle without this server, with the names the downloads have. */
export function CheckYourself({ attestation, segmentDigest, url }: { attestation: AttestationDetail; segmentDigest: string | null; url: string }) {
  const bundle = `${(attestation.chain ?? 'period').replaceAll(/[^\w.-]+/g, '_')}-${attestation.id}.sigstore.json`;
  const key = 'sealtrail.pem';
  const segment = segmentDigest ? `${segmentDigest}.jsonl` : 'SEGMENT.jsonl';
  const auth = '-H "Authorization: Bearer $SEALTRAIL_TOKEN"';
  return (
    <Card title="Check it yourself">
      <ol className="list-decimal space-y-4 pl-5 marker:text-faint">
        <li>
          <p className="mb-1.5">Get the bundle, the public key and the bytes. The key is public; the other two need a token with the read scope, or the buttons on this page.</p>
          <Command>
            {[
              `curl -fOJ ${auth} ${url}/api/v1/attestations/${attestation.id}/bundle`,
              `curl -fo ${key} '${url}/api/v1/keys/${encodeURIComponent(attestation.keyHint ?? '')}.pem'`,
              `curl -fo ${segment} ${auth} ${url}/api/v1/segments/${segmentDigest ?? 'SEGMENT'}/bytes`,
            ].join('\n')}
          </Command>
        </li>
        <li>
          <p className="mb-1.5">Check that the bytes are the ones the statement names.</p>
          <Command>{`sha256sum ${segment}`}</Command>
        </li>
        <li>
          <p className="mb-1.5">Check the signature and the statement with cosign.</p>
          <Command>{`cosign verify-blob-attestation --key ${key} \\\n  --bundle ${bundle} \\\n  --insecure-ignore-tlog --type ${attestation.predicateType} \\\n  ${segment}`}</Command>
          <p className="mt-1.5 text-xs text-muted">The statement was signed with a local key and no transparency log, so cosign is told not to look for one. It proves who signed what, not when.</p>
        </li>
      </ol>
    </Card>
  );
}
