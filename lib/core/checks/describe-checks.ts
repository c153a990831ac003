import { BUNDLE_REASONS } from './reasons/bundle';
import { COMPARISON_REASONS } from './reasons/comparison';
import { GIVEN_REASONS } from './reasons/given';
import { PROOF_REASONS } from './reasons/proof';
import { type About, STEPS } from './steps';

const ABOUT: About = { chain: '…', records: 2, claim: '…', file: '(the name of the file)' };

/** docs/checks.md: every step and every reason, as the tables have them. */
export function describeChecks(): string {
  const steps = Object.entries(STEPS).map(([id, title]) => `| \`${id}\` | ${title(ABOUT)} |`);
  return `# Steps and reasons

A check of a bundle, a proof or a package is a list of steps. The JSON of [verify-bundle and verify-proof](cli.md#verify-bundle), \`GET /api/v1/attestations/{id}\` and the [verifier](verify.md) give each as \`{step, about, status, reason: {code, …}, title, detail}\`.

\`status\` is \`passed\`, \`failed\` or \`skipped\`; \`about\` is there where several steps of a kind may be: of which chain, file or claim. \`title\` and \`detail\` say the same for people and may be worded better one day: decide by \`step\`,
\`status\` and \`reason.code\`. A check holds when every step passed, or was skipped because nobody asked for it (\`not-required\`, \`no-log-key\`). \`said\` is what a library says in words; \`error\`, beside it, its code.

## Steps

| step | holds |
|---|---|
${steps.join('\n')}

${section('Reasons of bundles', BUNDLE_REASONS)}
${section('Reasons of proofs', PROOF_REASONS)}
${section('Reasons of what is compared with files', COMPARISON_REASONS)}
${section('Reasons of what was given', GIVEN_REASONS)}`;
}

function section(title: string, reasons: Readonly<Record<string, (details: never) => string>>): string {
  const rows = Object.entries(reasons).map(
    ([code, say]) =>
      `| \`${code}\` | ${detailsOf(say)
        .map((name) => `\`${name}\``)
        .join(', ')} |`,
  );
  return `## ${title}\n\n| code | details |\n|---|---|\n${rows.join('\n')}\n`;
}

/** The details a reason's function takes, by its own text. */
function detailsOf(say: (details: never) => string): string[] {
  const [, names = ''] = /^\(\{([^}]*)\}/.exec(String(say)) ?? [];
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
