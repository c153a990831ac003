/** Parts of the API in the order they are read, each with where its routes begin; the first that fits counts. */
export const TAGS: readonly { name: string; description: string; at: RegExp }[] = [
  {
    name: 'Uploads',
    description: 'Logs sent whole, in parts, or in archives.',
    at: /^\/api\/v1\/(uploads|resumable|upload-progress)/,
  },
  {
    name: 'Appends',
    description: 'Records as they are written, by name of their chain.',
    at: /^(POST) \/api\/v1\/(chains\/\{chainId\}\/(records|alarms)|ingest)/,
  },
  {
    name: 'Log shippers',
    description: 'OTLP, Splunk, Loki and Elastic by their own protocols.',
    at: /^(\/v1\/logs|\/services|\/loki|\/elastic|\/_bulk|\/\{index\}|\/ready|\/$)/,
  },
  {
    name: 'Events',
    description: 'Searches over the records of every chain, and those that were saved.',
    at: /^\/api\/v1\/(events|views)/,
  },
  {
    name: 'Sessions',
    description: 'What one run of an agent did, in order.',
    at: /^\/api\/v1\/sessions/,
  },
  {
    name: 'Chains',
    description: 'Chains, their verdicts, records, problems and bytes.',
    at: /^\/api\/v1\/(chains(?!\/\{chainId\}\/(attestation|coverage|retention|holds|deletion|tombstone))|segments)/,
  },
  {
    name: 'Retention',
    description: 'For how long chains are kept, legal holds, and deletion.',
    at: /^\/api\/v1\/(retention|chains\/\{chainId\}\/(retention|holds|deletion|tombstone))/,
  },
  {
    name: 'Findings',
    description: 'What rules found, with the records that prove it, the rules, and what suppresses findings.',
    at: /^\/api\/v1\/(findings|rules|suppressions)/,
  },
  { name: 'Cases', description: 'Findings of one story, gathered under a title.', at: /^\/api\/v1\/cases/ },
  {
    name: 'Attestations',
    description: 'Signed statements over chains, and when they are made.',
    at: /^\/api\/v1\/(attestation|chains\/\{chainId\}\/(attestation|coverage))/,
  },
  {
    name: 'Evidence packages',
    description: 'Everything it takes to check evidence elsewhere, in one file.',
    at: /^\/api\/v1\/packages/,
  },
  {
    name: 'Notifications',
    description: 'Who is told of findings, verdicts and stuck work, and how telling them went.',
    at: /^\/api\/v1\/notifications/,
  },
  {
    name: 'Reports',
    description: 'Figures and tables of a period, and reports that are kept.',
    at: /^\/api\/v1\/(overview|report-runs|reports|control-evidence|share-links|shared)/,
  },
  {
    name: 'Activity',
    description: 'Who did what, in the order of the chain that holds it.',
    at: /^\/api\/v1\/activity/,
  },
  {
    name: 'Trust',
    description: 'Keys, roots and the transparency log by which signatures are checked. For anybody.',
    at: /^(\/api\/v1\/(trust|signing-keys)|\/tlog|\/policies|\/verify)/,
  },
  {
    name: 'Settings',
    description: 'People, workspaces, tokens, keys of tools, sessions and set-up.',
    at: /^\/api\/(v1\/(people|workspaces|invitations|links|me\/|access-policy|sign-in|tokens|preferences|guardrail-keys|setup|sample-data)|auth)/,
  },
  {
    name: 'Operation',
    description: 'Health, metrics, what failed, and this document.',
    at: /^(\/api\/(v1\/)?health|\/metrics|\/api\/v1\/stuck-jobs|\/api\/openapi|\/llms)/,
  },
];

/** @throws Error for a route of no part. */
export function tagOf(method: string, path: string): string {
  const tag = TAGS.find(({ at }) => at.test(`${method} ${path}`) || at.test(path));
  if (!tag) throw new Error(`${method} ${path} is of no part of the API: app/_server/openapi/tags.ts lists them`);
  return tag.name;
}
