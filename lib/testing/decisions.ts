import { createOTP } from '@better-auth/utils/otp';
import { personActor } from '@/lib/access/actor';
import { createInvitation } from '@/lib/access/invitations';
import { addPasskey, beginPasskey } from '@/lib/access/passkeys/register';
import { beginApp, confirmApp } from '@/lib/access/second-factor/app';
import { sealedFor } from '@/lib/access/second-factor/sealed-for';
import { setAccessPolicy } from '@/lib/access/second-factor/policy';
import type { Context } from '@/lib/context';
import { unsealText } from '@/lib/crypto/seal';
import { switchRule } from '@/lib/detect/own-rules/switch-rule';
import { createView } from '@/lib/events/views/create-view';
import { createDestination } from '@/lib/notify/create-destination';
import { createDefinition } from '@/lib/reports/definitions/create-definition';
import { placeHold } from '@/lib/retention/holds';
import { setRetention } from '@/lib/retention/policy';
import { NewReportDefinition } from '@/lib/schemas/report-definitions';
import { createCase } from '@/lib/triage/cases/create-case';
import { commentOn } from '@/lib/triage/comment';
import { testActor, testPerson } from './actor';
import { Authenticator } from './authenticator';

const PASSWORD = 'correct horse battery staple';
const COST_RULE = 'd7821787-6fdc-4385-9088-f20a05dbb51a';

/** One of everything that people decide beside what chains, statements and rules of one's own are; with what is said about findings where there is one. */
export async function decideEverything(ctx: Context, { chainId }: { chainId: string }): Promise<void> {
  const actor = testActor();
  const ada = await testPerson(ctx, {
    name: 'Ada',
    email: 'decides@example.org',
    password: PASSWORD,
    role: 'administrator',
  });
  const person = personActor({ id: ada.id, email: ada.email, role: ada.role });
  const finding = await ctx.db
    .selectFrom('findings')
    .select('id')
    .where('superseded_at', 'is', null)
    .executeTakeFirst();
  if (finding) await commentOn(ctx, { findingId: finding.id, text: 'Looks odd.', actor: person });
  await createCase(ctx, {
    title: 'One story',
    findingIds: finding ? [finding.id] : [],
    note: 'What happened.',
    actor: person,
  });
  await createView(ctx, {
    name: 'Denied',
    isShared: true,
    search: { q: 'decision:deny', period: '7d', from: null, to: null, columns: ['tool'] },
    actor: person,
  });
  await placeHold(ctx, { chainId, reason: 'a lawsuit', actor });
  await setRetention(ctx, { chainId: null, keepDays: 400, actor });
  await setRetention(ctx, { chainId, keepDays: 800, actor });
  const { id } = await createDestination(ctx, {
    kind: 'webhook',
    url: 'https://hooks.example.org/reports',
    name: 'reports',
    isEnabled: true,
    filter: { events: ['finding.new'], minLevel: 'high', ruleIds: [], chains: [] },
    actor,
  });
  await createDefinition(ctx, {
    ...NewReportDefinition.parse({
      name: 'Every month',
      period: { of: 'last-month' },
      timeZone: 'Europe/Berlin',
      schedule: { every: 'month', day: 1, time: '06:00' },
      destinationIds: [id],
    }),
    actor,
  });
  await createInvitation(ctx, { email: 'eve@example.org', role: 'auditor', actor });
  // None that finds anything: what a rule finds is not compared while it looks at what was before it was switched on.
  for (const isEnabled of [true, false]) await switchRule(ctx, { ruleId: COST_RULE, isEnabled, actor });

  await beginApp(ctx, { actor: person, password: PASSWORD });
  const { secret_sealed: sealed } = await ctx.db
    .selectFrom('totp_secrets')
    .select('secret_sealed')
    .where('person_id', '=', ada.id)
    .executeTakeFirstOrThrow();
  const code = await createOTP(unsealText(sealedFor(ctx, ada.id), sealed) ?? '').totp();
  await confirmApp(ctx, { actor: person, code, sessionId: null });
  const { options, cookie } = await beginPasskey(ctx, { actor: person, password: PASSWORD });
  const response = new Authenticator('http://localhost:7325').make(options.challenge);
  const headers = new Headers({ cookie: cookie.split(';')[0] ?? '' });
  await addPasskey(ctx, { actor: person, name: 'laptop', response, headers, sessionId: null });
  await setAccessPolicy(ctx, { requiresSecondFactor: true, actor: person });
}
