import { Published } from '@/app/_components/access/published';
import { shellWord } from '@/app/_components/format/shell-word';
import { Card } from '@/app/_components/ui/card';
import { Command } from '@/app/_components/ui/command';
import type { AttestationDetail } from '@/lib/schemas/attestation-detail';

/** Commands that check the bundle without this server, with the names the downloads have. */
export function CheckYourself({
  attestation,
  bundle,
  segmentDigest,
  url,
}: {
  attestation: AttestationDetail;
  bundle: string;
  segmentDigest: string | null;
  url: string;
}) {
  const auth = '-H "Authorization: Bearer $SEALTRAIL_TOKEN"';
  const fileName = attestation.excerpt?.fileName ?? (segmentDigest ? `${segmentDigest}.jsonl` : 'SEGMENT.jsonl');
  // One that begins with a dash would be an option.
  const file = shellWord(fileName.startsWith('-') ? `./${fileName}` : fileName);
  const bytes = attestation.excerpt
    ? `${url}/api/v1/attestations/${attestation.id}/records`
    : `${url}/api/v1/segments/${segmentDigest ?? 'SEGMENT'}/bytes`;
  const hasRoot = attestation.certificate !== null || attestation.times.length > 0 || attestation.logEntries.length > 0;
  const trust = attestation.keyHint
    ? '--key sealtrail.pem'
    : `--certificate-identity ${shellWord(attestation.certificate?.subject ?? 'IDENTITY')} \\\n  --certificate-oidc-issuer ${shellWord(attestation.certificate?.issuer ?? 'ISSUER')}`;
  const proofs = `${hasRoot ? ' --trusted-root trusted_root.json' : ''}${attestation.logEntries.length === 0 ? ' --insecure-ignore-tlog' : ''}${attestation.times.some(({ kind }) => kind === 'timestamp') ? ' --use-signed-timestamps' : ''}`;
  return (
    <Card title="Check it yourself">
      <ol className="list-decimal space-y-4 pl-5 marker:text-faint">
        <li>
          <p className="mb-1.5">
            In a browser: open the{' '}
            <a href="/verify" className="link">
              verifier
            </a>{' '}
            and drop the bundle, the {attestation.keyHint ? 'public key' : 'trusted root'} and the log on it. It is one
            page that works offline and sends nothing anywhere.
          </p>
        </li>
        <li>
          <p className="mb-1.5">
            Or get the bundle, what to trust, and the bytes. What to trust is public; the other two need a token with
            the read scope, or the buttons on this page.
          </p>
          <Command>
            {[
              `curl -fOJ ${auth} ${url}/api/v1/attestations/${attestation.id}/bundle`,
              ...(attestation.keyHint
                ? [
                    `curl -fo sealtrail.pem ${shellWord(`${url}/api/v1/signing-keys/${encodeURIComponent(attestation.keyHint)}.pem`)}`,
                  ]
                : []),
              ...(hasRoot ? [`curl -fo trusted_root.json ${url}/api/v1/trust/trusted_root.json`] : []),
              `curl -fo ${file} ${auth} ${bytes}`,
            ].join('\n')}
          </Command>
        </li>
        <li>
          <p className="mb-1.5">Check that the bytes are the ones the statement names.</p>
          <Command>{`sha256sum ${file}`}</Command>
        </li>
        <li>
          <p className="mb-1.5">Check the signature and the statement with cosign.</p>
          <Command>{`cosign verify-blob-attestation ${trust}${proofs} \\\n  --bundle ${shellWord(bundle)} \\\n  --type ${attestation.predicateType} \\\n  ${file}`}</Command>
          {attestation.logEntries.length === 0 && (
            <p className="mt-1.5 text-xs text-muted">
              The statement is not in a public transparency log, so the command tells cosign not to look for an entry.
              {attestation.times.length === 0 ? ' It proves who signed what, not when.' : ''} Our own log, which anybody
              can watch, is at{' '}
              <Published path="/tlog/checkpoint" className="link">
                /tlog
              </Published>
              .
            </p>
          )}
        </li>
      </ol>
    </Card>
  );
}
