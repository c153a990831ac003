'use client';
import { Only, useHasRole } from '@/app/_components/access/role';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { Ago, Time } from '@/app/_components/time/time';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Empty } from '@/app/_components/ui/empty';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { ApiToken } from '@/lib/schemas/settings';
import { NewTokenDialog } from './new-token-dialog';
import { RevokeDialog } from './revoke-dialog';

function isPast(instant: string): boolean {
  return Date.parse(instant) <= Date.now();
}

const COLUMNS = ['name', 'created', 'used'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (token: ApiToken) => string | null> = {
  name: ({ name }) => name,
  created: ({ createdAt }) => createdAt,
  used: ({ lastUsedAt }) => lastUsedAt,
};

/** What programs sign in with. */
export function Tokens({
  tokens,
  asked,
  url,
}: {
  tokens: readonly ApiToken[];
  /** The order the address asks for. */
  asked: string | undefined;
  url: string;
}) {
  const order = { sort: sortOf(asked, COLUMNS, '-created'), param: 'tokens' };
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const create = useHasRole('administrator') && (
    <Button look="primary" size="sm" onClick={() => setCreating(true)}>
      <Plus size={14} aria-hidden />
      New token
    </Button>
  );
  return (
    <Card title="API tokens" total={tokens.length} flush aside={tokens.length > 0 && create}>
      {tokens.length === 0 ? (
        <Empty icon={<KeyRound size={20} />} title="No tokens yet" actions={create}>
          A token lets a program send logs or read verdicts. It is shown once when it is made; only its hash is kept.
          From a shell in the checkout on this machine:{' '}
          <code>node workers/sealtrail.mjs token create --scopes ingest,read</code>
        </Empty>
      ) : (
        <Table label="API tokens">
          <Head>
            <SortHead by="name" {...order}>
              Name
            </SortHead>
            <HeadCell>Begins with</HeadCell>
            <HeadCell>Scopes</HeadCell>
            <SortHead by="created" {...order} isDownFirst>
              Created
            </SortHead>
            <SortHead by="used" {...order} isDownFirst>
              Last used
            </SortHead>
            <HiddenHeadCell>Revoke</HiddenHeadCell>
          </Head>
          <Body>
            {sorted(tokens, order.sort, VALUES).map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
            ))}
          </Body>
        </Table>
      )}
      <NewTokenDialog open={creating} onOpenChange={setCreating} url={url} />
      <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />
    </Card>
  );
}

function TokenRow({ token, onRevoke }: { token: ApiToken; onRevoke: () => void }) {
  return (
    <Row>
      <RowHead className="font-medium [overflow-wrap:anywhere]">{token.name}</RowHead>
      <Cell label="Begins with" className="font-mono text-xs">
        {token.start}…
      </Cell>
      <Cell label="Scopes">
        {token.scopes.map((scope) => (scope === 'ingest' ? 'send logs' : 'read')).join(', ')}
        {token.chains && (
          <span className="block text-xs text-muted [overflow-wrap:anywhere]">only to {token.chains.join(', ')}</span>
        )}
      </Cell>
      <Cell label="Created" className="whitespace-nowrap text-muted">
        <Time at={token.createdAt} />
        {token.createdBy && <span className="block text-xs">by {token.createdBy}</span>}
        {token.expiresAt && (
          <span className="block text-xs">
            {isPast(token.expiresAt) ? 'expired' : 'expires'} <Time at={token.expiresAt} />
          </span>
        )}
      </Cell>
      <Cell label="Last used" className="whitespace-nowrap text-muted">
        {token.lastUsedAt ? (
          <>
            <Time at={token.lastUsedAt} />, <Ago at={token.lastUsedAt} />
          </>
        ) : (
          'never'
        )}
      </Cell>
      <Cell numeric>
        <Only need="administrator">
          <Button look="danger" size="sm" onClick={onRevoke}>
            Revoke
          </Button>
        </Only>
      </Cell>
    </Row>
  );
}
