import { BellRing, Hourglass, Layers, UserRound, Users } from 'lucide-react';
import { ButtonLink } from '@/app/_components/ui/button';
import { PageHead } from '@/app/_components/ui/page-head';
import { page } from '@/app/_server/page';
import { listKeys } from '@/lib/attest/keys';
import { logState } from '@/lib/attest/log/log-state';
import { policyOf } from '@/lib/attest/policy/policy';
import { listPeople } from '@/lib/access/people';
import { listTokens } from '@/lib/access/tokens';
import { listToolKeys } from '@/lib/ingest/tool-keys';
import { listWatchedLogs } from '@/lib/ops/watched-logs';
import { hasRoleFor } from '@/lib/schemas/roles';
import { SIGNING_TOOLS } from '@/lib/schemas/formats';
import { type Search, one } from '../params';
import { AttestationPolicyCard } from './_components/attestation-policy';
import { Keys } from './_components/keys';
import { People } from './_components/people';
import { ToolKeys } from './_components/tool-keys';
import { Tokens } from './_components/tokens';
import { TransparencyLog } from './_components/transparency-log';
import { WatchedLogs } from './_components/watched-logs';

export const metadata = { title: 'Settings' };

export default async function SettingsPage({ searchParams }: { searchParams: Search }) {
  const { ctx, person } = await page();
  const params = await searchParams;
  const [tokens, keys, policy, toolKeys, people, watched, log] = await Promise.all([
    listTokens(ctx),
    listKeys(ctx),
    policyOf(ctx, { chainId: null }),
    listToolKeys(ctx),
    listPeople(ctx),
    listWatchedLogs(ctx),
    logState(ctx),
  ]);
  return (
    <>
      <PageHead
        title="Settings"
        lead="Who and what may use this Sealtrail, the keys your tools sign with, when it attests, and the keys it signs with itself."
        actions={
          <>
            <ButtonLink href="/settings/you">
              <UserRound size={14} aria-hidden />
              Your account
            </ButtonLink>
            {hasRoleFor(person.role, 'administrator') && (
              <ButtonLink href="/settings/people">
                <Users size={14} aria-hidden />
                People
              </ButtonLink>
            )}
            <ButtonLink href="/settings/workspaces">
              <Layers size={14} aria-hidden />
              Workspaces
            </ButtonLink>
            <ButtonLink href="/settings/retention">
              <Hourglass size={14} aria-hidden />
              Retention
            </ButtonLink>
            <ButtonLink href="/settings/notifications">
              <BellRing size={14} aria-hidden />
              Notifications
            </ButtonLink>
          </>
        }
      />
      <div className="max-w-[64rem] space-y-4">
        <Tokens tokens={tokens} asked={one(params['tokens'])} url={ctx.env.publicUrl} />
        <ToolKeys keys={toolKeys} asked={one(params['keys'])} tools={SIGNING_TOOLS} />
        <AttestationPolicyCard policy={policy} />
        <Keys keys={keys} canRotate={ctx.env.signing.signer === 'local'} />
        <TransparencyLog log={log} asked={one(params['witnesses'])} />
        {(watched.length > 0 || ctx.env.watch.length > 0) && (
          <WatchedLogs logs={watched} asked={one(params['watched'])} />
        )}
        <People people={people} asked={one(params['people'])} self={person} />
      </div>
    </>
  );
}
