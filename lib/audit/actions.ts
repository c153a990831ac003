/** Every action there is, by the kind of thing it is done to. Names are never changed or used again for something else: rows keep them. */
export const ACTIONS = {
  'alarm.raise': 'chain',
  'attestation-request.create': 'attestation-request',
  'attestation-request.drop': 'attestation-request',
  'attestation.sign': 'attestation',
  'attestation.withdraw': 'attestation',
  'chain.append': 'chain',
  'chain.close': 'chain',
  'chain.close-segment': 'chain',
  'chain.seal': 'chain',
  'chain.upload': 'chain',
  'finding.acknowledge': 'finding',
  'finding.close': 'finding',
  'finding.reopen': 'finding',
  'guardrail-key.add': 'guardrail-key',
  'guardrail-key.retire': 'guardrail-key',
  'job.retry': 'job',
  'package.make': 'package',
  'package.request': 'package',
  'person.change-password': 'person',
  'person.create': 'person',
  'person.sign-in': 'person',
  'person.sign-out': 'person',
  'policy.reset': 'attestation-policy',
  'policy.set': 'attestation-policy',
  'setup-link.create': 'setup-link',
  'sidecar.add': 'sidecar',
  'sidecar.count': 'sidecar',
  'sidecar.set-aside': 'sidecar',
  'signing-key.rotate': 'signing-key',
  'token.create': 'token',
  'token.revoke': 'token',
  'view.change': 'view',
  'view.create': 'view',
  'view.delete': 'view',
} as const;

export type ActionName = keyof typeof ACTIONS;
/** Ids, digests, counts and words of closed lists; never what a log holds, what a person wrote, or a secret. At most 4 KiB as JSON, or the row is refused. */
type ActionDetails = Record<string, string | number | boolean | null | readonly string[]>;
export type Action = { action: ActionName; subjectId: string; details?: ActionDetails };
