// `cosign verify-blob-attestation` for machines that have no cosign: the flags of cosign 3, and what it decides, by @sigstore/verify. Plain JavaScript: it is run as a program.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';

/** Every flag of the command: cosign 3.1.3, github.com/sigstore/cosign doc/cosign_verify-blob-attestation.md. */
const FLAGS = {
  boolean: [
    'allow-certificate-chain',
    'check-claims',
    'insecure-ignore-sct',
    'insecure-ignore-tlog',
    'sk',
    'use-signed-timestamps',
  ],
  string: [
    'bundle',
    'certificate-github-workflow-name',
    'certificate-github-workflow-ref',
    'certificate-github-workflow-repository',
    'certificate-github-workflow-sha',
    'certificate-github-workflow-trigger',
    'certificate-identity',
    'certificate-identity-regexp',
    'certificate-oidc-issuer',
    'certificate-oidc-issuer-regexp',
    'digest',
    'digestAlg',
    'key',
    'max-workers',
    'slot',
    'trusted-root',
    'type',
  ],
};
/** What is decided here; a command that needs more than these has to be checked by cosign itself. */
const FOLLOWED = new Set([
  'bundle',
  'certificate-identity',
  'certificate-identity-regexp',
  'certificate-oidc-issuer',
  'certificate-oidc-issuer-regexp',
  'insecure-ignore-tlog',
  'key',
  'trusted-root',
  'type',
  'use-signed-timestamps',
]);

try {
  verify(process.argv.slice(2));
  process.stderr.write('Verified OK\n');
} catch (error) {
  process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** @param {string[]} args @throws Error when cosign would not say "Verified OK" */
function verify([command, ...args]) {
  if (command !== 'verify-blob-attestation') throw new Error(`unknown command ${command}`);
  const types = /** @type {const} */ (['boolean', 'string']);
  const options = Object.fromEntries(types.flatMap((type) => FLAGS[type].map((name) => [name, { type }])));
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const other = Object.keys(values).find((name) => !FOLLOWED.has(name));
  if (other) throw new Error(`--${other} is not followed by this stand-in`);
  /** @param {string} name */
  const text = (name) => (typeof values[name] === 'string' ? values[name] : null);
  const [blob, ...rest] = positionals;
  if (blob === undefined || rest.length > 0) throw new Error('one blob is checked');
  const key = text('key');
  const root = text('trusted-root');
  const needsRoot = key === null || !values['insecure-ignore-tlog'] || Boolean(values['use-signed-timestamps']);
  if (needsRoot && root === null) throw new Error('without --trusted-root cosign asks for the public one');
  const bundle = bundleFromJSON(JSON.parse(readFileSync(text('bundle') ?? '', 'utf8')));
  const entity = toSignedEntity(bundle);
  const isLogged = !values['insecure-ignore-tlog'];
  const trust = toTrustMaterial(
    TrustedRoot.fromJSON(root === null ? {} : JSON.parse(readFileSync(root, 'utf8'))),
    () => ({ publicKey: createPublicKey(readFileSync(key ?? '')), validFor: () => true }),
  );
  if ((entity.key.$case === 'public-key') !== (key !== null))
    throw new Error('the bundle is signed in another way than the flags say');
  const verifier = new Verifier(trust, {
    tlogThreshold: isLogged ? 1 : 0,
    ctlogThreshold: 1,
    timestampThreshold: key === null || values['use-signed-timestamps'] ? 1 : 0,
  });
  const { identity } = verifier.verify({
    ...entity,
    ...(!isLogged && { tlogEntries: [] }),
    ...(root === null && { timestamps: [] }),
  });
  if (key === null) {
    requireName(
      identity?.subjectAlternativeName,
      text('certificate-identity'),
      text('certificate-identity-regexp'),
      'identity',
    );
    requireName(
      identity?.extensions?.issuer,
      text('certificate-oidc-issuer'),
      text('certificate-oidc-issuer-regexp'),
      'issuer',
    );
  }
  if (bundle.content.$case !== 'dsseEnvelope') throw new Error('the bundle holds no statement');
  const statement = JSON.parse(bundle.content.dsseEnvelope.payload.toString('utf8'));
  if (statement.predicateType !== text('type')) throw new Error(`the predicate is ${statement.predicateType}`);
  const sha256 = createHash('sha256').update(readFileSync(blob)).digest('hex');
  if (!statement.subject.some((/** @type {{ digest: { sha256?: string } }} */ { digest }) => digest.sha256 === sha256))
    throw new Error('the blob is no subject of the statement');
}

/** @param {string | undefined} name @param {string | null} exact @param {string | null} pattern @param {string} what */
function requireName(name, exact, pattern, what) {
  if (exact === null && pattern === null) throw new Error(`an ${what} has to be named`);
  if (exact === null ? !new RegExp(pattern ?? '').test(name ?? '') : name !== exact)
    throw new Error(`the ${what} is ${name}`);
}
