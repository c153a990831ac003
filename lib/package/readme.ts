import 'server-only';
import { bundleFileName } from '../attest/attestations';
import { VERIFIER_PROGRAM } from '../config/verifier-html';
import { exitCode } from '../core/chain/verdict';
import { MANIFEST, MANIFEST_BUNDLE } from '../core/statements/predicates/evidence-package';
import type { AttestationDetail } from '../schemas/attestation-detail';
import { pathPart } from './files';
import type { Gathered } from './gather';
import type { Keys, SignedWith } from './signed-with';

type Input = {
  gathered: Gathered;
  keys: Keys;
  packageType: string;
  madeAt: Date;
  host: string;
  version: string;
  hasReport: boolean;
  logOrigin: string | null;
};

/** What an auditor reads first: what this is, and the commands that check it without its maker. */
export function readmeOf({ gathered, keys, packageType, madeAt, host, version, hasReport, logOrigin }: Input): string {
  const { about, attestations, chains, findings, missingRules } = gathered;
  const signedWith = keys.next(attestations);
  const high = findings.filter(({ level }) => level === 'high' || level === 'critical').length;
  return `# Evidence package

${plain(capital(about))}. Made by Sealtrail ${version} at ${host} on ${madeAt.toISOString()}.

| chain | verdict | holds by its format's own rule |
| --- | --- | --- |
${chains.map(({ name, verdict }) => `| ${plain(name)} | ${verdict} | ${exitCode(verdict) === 0 ? 'yes' : '**no**'} |`).join('\n')}

${attestations.length} ${attestations.length === 1 ? 'attestation' : 'attestations'}, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}, ${high} of them high or critical.
Nothing below needs the server this came from, nor the word of anybody who runs it.

## In a browser, offline

Open \`verify.html\` from this folder and drop the whole package (the ZIP, or these files) on it. It checks every signature, walks every log
again record by record, and sends nothing anywhere: its own Content-Security-Policy forbids it. To be sure of the page itself, take it from
a Sealtrail of your own. The same checks run on the command line by \`${VERIFIER_PROGRAM}\`, one file that needs Node 20.15 or newer and
nothing else; its digest is in the signed manifest, as that of every file here.

## 1. No file was changed, left out or added

\`\`\`sh
sha256sum -c ${MANIFEST}
\`\`\`

\`\`\`sh
${verifyCommand(signedWith, { bundle: MANIFEST_BUNDLE, type: packageType, file: MANIFEST })}
\`\`\`

## 2. What was attested, by whom

cosign reads files of up to 128 MiB, and longer ones with \`COSIGN_MAX_ATTACHMENT_SIZE=1TB\` in its environment.

${attestations.map((attestation) => attestationCommands(attestation, keys.of(attestation))).join('\n\n')}
${leftOut(attestations)}
${pythonSection(signedWith)}

## 3. The chains themselves

Each file under \`segments/\` is a part of a log, byte for byte, under the SHA-256 of its bytes. \`chains/*.json\` names the segments of each
chain in their order. Walk a chain again with any verifier of its format, or with the one in this package, which needs no server. It ends
with status 0 when the chain holds, 1 when it was tampered with, forked, cut off or has a gap, and 2 when it cannot be read:

${chains.map(walkCommand).join('\n\n')}

## What is in here

| path | what it is |
| --- | --- |
| \`${MANIFEST}\`, \`${MANIFEST_BUNDLE}\` | SHA-256 of every other file, and the signature over it |
| \`bundles/\` | Sigstore bundles: signed in-toto statements |
| \`statements/\` | what each bundle states, the same bytes that were signed |
| \`segments/\`, \`records/\` | the logs themselves; \`records/\` holds excerpts that were attested on their own |
| \`chains/\` | each chain's verdict, problems with their place, segments, uploads and the heads that were seen of it |
| \`findings.json\`, \`rules/\` | what detection rules found, with the records that prove it, and every rule that ran, by the digest statements name${missingRules.length > 0 ? `; the text of ${missingRules.length} that ran is not kept any more, or not as it was: SHA-256 ${missingRules.join(', ')}` : ''} |
| \`policies/\` | the policy that summaries and test results were made under, by its SHA-256 |
${hasReport ? '| `report.pdf`, `report.json`, `report/` | the governance report of the period, the same as JSON, and its tables as CSV |\n' : ''}| \`keys/\` | ${keysWords(signedWith)} |
${logOrigin ? `| \`log/\` | entries of the bundles in the transparency log \`${logOrigin}\`, with inclusion proofs (C2SP tlog-proof), its checkpoint and key |\n` : ''}| \`verify.html\`, \`${VERIFIER_PROGRAM}\` | the verifier as one file, for browsers and for Node |

A key that comes with what it signed proves only that all of it is from one hand. Compare \`keys/\` with what ${host} publishes, or with what
you were given by other means.
`;
}

function attestationCommands(attestation: AttestationDetail, signedWith: SignedWith): string {
  const isPart = attestation.scope.kind !== 'chain' && attestation.scope.kind !== 'period';
  // Of a part whose records were replaced since, only ours names bytes that are here.
  const bundles = attestation.bundles.filter(
    ({ n, namesTooMuch }) => !namesTooMuch && (n === 0 || !isPart || attestation.excerpt !== null),
  );
  const what = attestation.chain
    ? `"${attestation.chain}", records ${attestation.firstRecord} to ${attestation.lastRecord}: ${attestation.verdict}`
    : `${attestation.chains.length} chains: ${attestation.verdict}`;
  const withdrawn = attestation.withdrawn
    ? ` **Withdrawn on ${attestation.withdrawn.at}: ${plain(attestation.withdrawn.reason)}**`
    : '';
  const commands = bundles.map(({ n, label, predicateType: type }) => {
    const bundle = `bundles/${bundleFileName(attestation, { n, predicate_type: type })}`;
    const { before, file } = bytesOf(attestation, n);
    return `${label}:

\`\`\`sh
${before}${verifyCommand(signedWith, { bundle, type, file })}
\`\`\`
${ownCommand(signedWith, { before, bundle, file })}`;
  });
  return `${plain(capital(what))}, attested ${attestation.signedAt}.${withdrawn}

${commands.join('\n')}`;
}

/** The bytes a bundle is checked against: the excerpt, the segment, or of a chain in several segments its bytes as one file, put together first. */
function bytesOf(attestation: AttestationDetail, n: number): { before: string; file: string } {
  const segments = attestation.subjects.flatMap(({ name, sha256 }) =>
    name === `${sha256}.jsonl` ? [`segments/${name}`] : [],
  );
  if (attestation.excerpt) return { before: '', file: `records/${pathPart(attestation.excerpt.fileName)}` };
  if (n === 0 || attestation.scope.kind === 'period' || segments.length < 2)
    return { before: '', file: segments[0] ?? 'segments/SEGMENT.jsonl' };
  const own = `statements/${bundleFileName(attestation, { n: 0, predicate_type: attestation.predicateType }).replace(/\.sigstore\.json$/, '.json')}`;
  return {
    before: `d=$(mktemp -d); python3 -c 'import json; [print("segments/" + s["digest"]["sha256"] + ".jsonl") for s in json.load(open("${own}"))["predicate"]["segments"]]' \\
  | xargs cat > "$d/chain.jsonl"
`,
    file: '"$d/chain.jsonl"',
  };
}

/** The same by the verifier in the package, which walks the log too; nothing where it would have to be given what is not here. */
function ownCommand(
  signedWith: SignedWith,
  { before, bundle, file }: { before: string; bundle: string; file: string },
): string {
  if (signedWith.kind === 'certificate' && !signedWith.hasTrustedRoot) return '';
  const who =
    signedWith.kind === 'key'
      ? `--key keys/${signedWith.file}`
      : `--trusted-root keys/trusted_root.json --certificate-identity ${quoted(signedWith.subject)} --certificate-oidc-issuer ${quoted(signedWith.issuer)}`;
  return `
\`\`\`sh
${before}node ${VERIFIER_PROGRAM} verify-bundle ${bundle} ${file} ${who}
\`\`\`
`;
}

function leftOut(attestations: readonly AttestationDetail[]): string {
  const count = attestations.flatMap(({ bundles }) => bundles.filter(({ namesTooMuch }) => namesTooMuch)).length;
  return count === 0
    ? ''
    : `\n${count} ${count === 1 ? 'statement' : 'statements'} for policy engines, made by an earlier version, ${count === 1 ? 'names' : 'name'} files that the result is not about, and ${count === 1 ? 'was' : 'were'} left out.\n`;
}

/** The log of a chain put together again, and walked. A piece of one has no beginning to walk from, which only \`verify.html\` can verify. */
function walkCommand({ name, path, isWhole }: Gathered['chains'][number]): string {
  if (!isWhole)
    return `Of chain ${plain(name)} a piece is here, which does not begin where the chain does: drop the package on \`verify.html\` to have it walked.`;
  return `\`\`\`sh
python3 -c 'import json; [print("segments/" + s["digest"] + ".jsonl") for s in json.load(open("${path}"))["segments"]]' \\
  | xargs cat | node ${VERIFIER_PROGRAM} verify -
\`\`\``;
}

/** \`cosign verify-blob-attestation\`, offline. */
function verifyCommand(
  signedWith: SignedWith,
  { bundle, type, file }: { bundle: string; type: string; file: string },
): string {
  const root = signedWith.hasTrustedRoot ? ` --trusted-root keys/trusted_root.json` : '';
  const log = signedWith.hasLogEntry ? '' : ' --insecure-ignore-tlog';
  const times = signedWith.hasTimestamp ? ' --use-signed-timestamps' : '';
  const who =
    signedWith.kind === 'key'
      ? `--key keys/${signedWith.file}`
      : `--certificate-identity ${quoted(signedWith.subject)} --certificate-oidc-issuer ${quoted(signedWith.issuer)}`;
  return `cosign verify-blob-attestation ${who}${root}${log}${times} \\\n  --bundle ${bundle} --type ${type} ${file}`;
}

/** What sigstore-python 4 wants around a trusted root that is not the public good one's. */
const CLIENT_TRUST_CONFIG = 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json';
const SIGNING_CONFIG = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';

/** The same without cosign. */
function pythonSection(signedWith: SignedWith): string {
  if (signedWith.kind === 'certificate') {
    const verify = (
      config: string,
    ) => `python3 -m sigstore${config} verify identity --cert-identity ${quoted(signedWith.subject)} --cert-oidc-issuer ${quoted(signedWith.issuer)} \\
  --bundle ${MANIFEST_BUNDLE} ${MANIFEST}`;
    if (!signedWith.hasTrustedRoot) return `With sigstore-python 4:\n\n\`\`\`sh\n${verify('')}\n\`\`\``;
    return `With sigstore-python 4, which takes the trusted root inside a file of its own kind:

\`\`\`sh
d=$(mktemp -d); python3 - "$d" <<'EOF'
import json, sys
signing = {"mediaType": "${SIGNING_CONFIG}", "caUrls": [], "oidcUrls": [], "rekorTlogUrls": [],
           "rekorTlogConfig": {"selector": "ANY"}, "tsaUrls": [], "tsaConfig": {"selector": "ANY"}}
json.dump({"mediaType": "${CLIENT_TRUST_CONFIG}",
           "trustedRoot": json.load(open("keys/trusted_root.json")), "signingConfig": signing}, open(sys.argv[1] + "/trust_config.json", "w"))
EOF
${verify(' --trust-config "$d/trust_config.json"')}
\`\`\``;
  }
  return `sigstore-python checks certificates, not keys. Without cosign, OpenSSL and Python alone do (DSSE, protocol v1):

\`\`\`sh
d=$(mktemp -d); python3 - ${MANIFEST_BUNDLE} "$d" <<'EOF'
import base64, json, sys
e = json.load(open(sys.argv[1]))["dsseEnvelope"]
t, p = e["payloadType"].encode(), base64.b64decode(e["payload"])
open(sys.argv[2] + "/pae.bin", "wb").write(b"DSSEv1 %d %s %d %s" % (len(t), t, len(p), p))
open(sys.argv[2] + "/sig.bin", "wb").write(base64.b64decode(e["signatures"][0]["sig"]))
print(json.dumps(json.loads(p)["subject"]))
EOF
${signedWith.algorithm.startsWith('Ed25519') ? `openssl pkeyutl -verify -pubin -inkey keys/${signedWith.file} -rawin -in "$d/pae.bin" -sigfile "$d/sig.bin"` : `openssl dgst -sha256 -verify keys/${signedWith.file} -signature "$d/sig.bin" "$d/pae.bin"`}
\`\`\``;
}

function keysWords(signedWith: SignedWith): string {
  if (signedWith.kind === 'key')
    return `the public keys that signed, \`keys.json\` with when each was in use${signedWith.hasTrustedRoot ? ', and the trusted root of timestamps and logs' : ''}`;
  return 'the trusted root the signing certificates chain to';
}

/** One word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A name as it is, with nothing in it that Markdown would make something of. */
function plain(text: string): string {
  return text.replaceAll(/[\n\r]+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);
}
