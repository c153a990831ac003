import { COLUMNS, type EventRecord } from '../event/fields';
import { FORMATS } from '../formats';
import { OCSF_PROFILES, OCSF_VERSION, apiCall, classification } from './classes';
import { detailsOf, stated } from './details';
import { outcome } from './outcome';

const MAX_INTEGER = 2 ** 31 - 1;
const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/^claude/i, 'Anthropic'],
  [/^(?:gpt|chatgpt|o\d)/i, 'OpenAI'],
  [/^gemini/i, 'Google'],
  [/^(?:mistral|codestral)/i, 'Mistral AI'],
  [/^(?:llama|meta-llama)/i, 'Meta'],
];

/** Fields of the event that every class has a place for. */
const MAPPED = [
  'recordedAt',
  'kind',
  'agent',
  'sessionId',
  'reason',
  'reasonCode',
  'policy',
  'policyDigest',
  'model',
] as const;

/**
 * A record of the lake as an event of the Open Cybersecurity Schema Framework. Nothing of it is left out: what OCSF has no attribute for stands in
 * `unmapped` under its column's name. `time` is 0 where the record states no time OCSF could hold.
 */
export function toOcsf(event: EventRecord) {
  const format = FORMATS.find(({ id }) => id === event.format);
  const isReviewed = format?.ocsf?.isReviewed ?? false;
  const classified = (format?.ocsf?.classify ?? apiCall)(event);
  const details = detailsOf(event, classified);
  const tokens = messageContext(event);
  const mapped = new Set<keyof EventRecord>([
    ...MAPPED,
    ...details.mapped,
    ...(tokens ? (['inputTokens', 'outputTokens'] as const) : []),
  ]);
  return {
    ...classification(classified),
    ...outcome(event.decision, isReviewed),
    time: event.recordedAt === null ? 0 : Date.parse(event.recordedAt),
    message: messageOf(event),
    ...stated('status_code', event.reasonCode),
    ...stated('status_detail', event.reason),
    metadata: metadata(event, format?.label ?? event.format),
    actor: actor(event, isReviewed),
    ...(event.policy || event.policyDigest
      ? { policy: { ...stated('name', event.policy), ...stated('uid', event.policyDigest) } }
      : {}),
    ...agentOrModel(event, isReviewed),
    ...(tokens ? { message_context: tokens } : {}),
    ...details.attributes,
    unmapped: unmapped(event, mapped),
  };
}

function metadata({ chainId, ordinal, kind, recordedAt, sessionId }: EventRecord, label: string) {
  return {
    version: OCSF_VERSION,
    profiles: [...OCSF_PROFILES],
    product: { name: label },
    uid: `${chainId}/${ordinal}`,
    log_name: chainId,
    log_format: 'JSON',
    ...stated('event_code', kind),
    ...stated('original_time', recordedAt ?? ''),
    ...stated('correlation_uid', sessionId),
  };
}

/** Where the agent is not named, only the guardrail is known. */
function actor({ format, agent, sessionId }: EventRecord, isReviewed: boolean) {
  const who = agent || format;
  return {
    ...(isReviewed && agent ? { user: { name: agent } } : { app_name: who }),
    ...(sessionId ? { session: { uid: sessionId } } : {}),
  };
}

/** The model stands within the agent that used it, where there is one. */
function agentOrModel({ agent, model, sessionId }: EventRecord, isReviewed: boolean) {
  const provider = PROVIDERS.find(([pattern]) => pattern.test(model))?.[1] ?? 'Unknown';
  const used = model ? { ai_model: { name: model, ai_provider: provider } } : {};
  return agent && !isReviewed
    ? { ai_agent: { name: agent, type_id: 0, type: 'Unknown', ...stated('instance_uid', sessionId), ...used } }
    : used;
}

function messageContext({ format, inputTokens, outputTokens }: EventRecord) {
  const total = inputTokens + outputTokens;
  if (total === 0 || total > MAX_INTEGER) return null;
  return {
    service: { name: format },
    ai_role_id: 2,
    ai_role: 'Assistant',
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: total,
  };
}

function messageOf({ decision, tool, kind, target }: EventRecord): string {
  return [decision, tool || kind, target].filter((part) => part !== '').join(' ');
}

/** Fields that state something, without those that have their place. */
function unmapped(event: EventRecord, mapped: ReadonlySet<keyof EventRecord>): Record<string, string | number> {
  const rest: Record<string, string | number> = {};
  for (const { name, key } of COLUMNS) {
    const value = event[key];
    if (!mapped.has(key) && value !== null && value !== '') rest[name] = value;
  }
  return rest;
}
