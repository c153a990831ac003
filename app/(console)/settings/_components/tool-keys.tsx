'use client';
import { Only, useHasRole } from '@/app/_components/access/role';
import { FileSignature, Plus } from 'lucide-react';
import { useState } from 'react';
import { Time } from '@/app/_components/time/time';
import { sortOf, sorted } from '@/app/_components/list/sort';
import { SortHead } from '@/app/_components/list/sort-head';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Empty } from '@/app/_components/ui/empty';
import { CopyButton, Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { SigningTool } from '@/lib/schemas/formats';
import type { ToolKey } from '@/lib/schemas/tool-keys';
import { AddKeyDialog } from './add-key-dialog';
import { RetireKeyDialog } from './retire-key-dialog';

const COLUMNS = ['name', 'algorithm', 'added'] as const;
const VALUES: Record<(typeof COLUMNS)[number], (key: ToolKey) => string> = {
  name: ({ name }) => name,
  algorithm: ({ algorithm }) => algorithm,
  added: ({ addedAt }) => addedAt,
};

/** Public keys that the signatures in logs are verified with. */
export function ToolKeys({
  keys,
  asked,
  tools,
}: {
  keys: readonly ToolKey[];
  /** The order the address asks for. */
  asked: string | undefined;
  tools: readonly SigningTool[];
}) {
  const order = { sort: sortOf(asked, COLUMNS, '-added'), param: 'keys' };
  const [adding, setAdding] = useState(false);
  const [retiring, setRetiring] = useState<ToolKey | null>(null);
  const add = useHasRole('administrator') && (
    <Button size="sm" onClick={() => setAdding(true)}>
      <Plus size={14} aria-hidden />
      Add a key
    </Button>
  );
  return (
    <Card title="Guardrail keys" total={keys.length} flush aside={keys.length > 0 && add}>
      {keys.length === 0 ? (
        <Empty icon={<FileSignature size={20} />} title="No keys yet" actions={add}>
          {tools.map(({ label, each, algorithm }) => `${label} can sign every ${each} (${algorithm}).`).join(' ')} With
          the public key here their signatures are checked; without it they prove nothing, as anyone could have made
          them.
        </Empty>
      ) : (
        <Table label="Guardrail keys">
          <Head>
            <SortHead by="name" {...order}>
              Name
            </SortHead>
            <SortHead by="algorithm" {...order}>
              Algorithm
            </SortHead>
            <HeadCell>SHA-256 of the key</HeadCell>
            <SortHead by="added" {...order} isDownFirst>
              Added
            </SortHead>
            <HeadCell>State</HeadCell>
            <HiddenHeadCell>Actions</HiddenHeadCell>
          </Head>
          <Body>
            {sorted(keys, order.sort, VALUES).map((key) => (
              <KeyRow key={key.id} toolKey={key} onRetire={() => setRetiring(key)} />
            ))}
          </Body>
        </Table>
      )}
      <AddKeyDialog tools={tools} open={adding} onOpenChange={setAdding} />
      <RetireKeyDialog toolKey={retiring} onClose={() => setRetiring(null)} />
    </Card>
  );
}

function KeyRow({ toolKey: key, onRetire }: { toolKey: ToolKey; onRetire: () => void }) {
  return (
    <Row>
      <RowHead className="font-medium [overflow-wrap:anywhere]">{key.name}</RowHead>
      <Cell label="Algorithm" className="whitespace-nowrap">
        {key.algorithm}
      </Cell>
      <Cell label="SHA-256">
        <Hash value={key.fingerprint} />
      </Cell>
      <Cell label="Added" className="text-muted">
        <Time at={key.addedAt} /> <span className="text-xs [overflow-wrap:anywhere]">by {key.addedBy}</span>
      </Cell>
      <Cell label="State">
        {key.retiredAt ? (
          <span className="text-muted">
            retired <Time at={key.retiredAt} />{' '}
            <span className="text-xs [overflow-wrap:anywhere]">by {key.retiredBy}</span>
          </span>
        ) : (
          'in use'
        )}
      </Cell>
      <Cell numeric className="whitespace-nowrap">
        <CopyButton value={key.publicKeyPem} label="Copy PEM" />
        <Only need="administrator">
          {' '}
          {!key.retiredAt && (
            <Button look="danger" size="sm" aria-label={`Retire ${key.name}`} onClick={onRetire}>
              Retire
            </Button>
          )}
        </Only>{' '}
      </Cell>
    </Row>
  );
}
