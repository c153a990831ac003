'use client';
import { FileSignature, Plus } from 'lucide-react';
import { useState } from 'react';
import { Time } from '@/app/_components/time/time';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Empty } from '@/app/_components/ui/empty';
import { CopyButton, Hash } from '@/app/_components/ui/hash';
import { Body, Cell, Head, HeadCell, HiddenHeadCell, Row, RowHead, Table } from '@/app/_components/ui/table';
import type { SigningTool } from '@/lib/schemas/formats';
import type { ToolKey } from '@/lib/schemas/tool-keys';
import { AddKeyDialog } from './add-key-dialog';
import { RetireKeyDialog } from './retire-key-dialog';

/** Public keys that the signatures in logs are verified with. */
export function ToolKeys({ keys, tools }: { keys: readonly ToolKey[]; tools: readonly SigningTool[] }) {
  const [adding, setAdding] = useState(false);
  const [retiring, setRetiring] = useState<ToolKey | null>(null);
  const add = (
    <Button size="sm" onClick={() => setAdding(true)}>
      <Plus size={14} aria-hidden />
      Add a key
    </Button>
  );
  return (
    <Card title="Guardrail keys" flush aside={keys.length > 0 && add}>
      {keys.length === 0 ? (
        <Empty icon={<FileSignature size={20} />} title="No keys yet" actions={add}>
          {tools.map(({ label, each, algorithm }) => `${label} can sign every ${each} (${algorithm}).`).join(' ')} With
          the public key here their signatures are checked; without it they prove nothing, as anyone could have made
          them.
        </Empty>
      ) : (
        <Table label="Guardrail keys">
          <Head>
            <HeadCell>Name</HeadCell>
            <HeadCell>Algorithm</HeadCell>
            <HeadCell>SHA-256 of the key</HeadCell>
            <HeadCell>Added</HeadCell>
            <HeadCell>State</HeadCell>
            <HiddenHeadCell>Actions</HiddenHeadCell>
          </Head>
          <Body>
            {keys.map((key) => (
              <Row key={key.id}>
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
                  {!key.retiredAt && (
                    <Button look="danger" size="sm" aria-label={`Retire ${key.name}`} onClick={() => setRetiring(key)}>
                      Retire
                    </Button>
                  )}
                </Cell>
              </Row>
            ))}
          </Body>
        </Table>
      )}
      <AddKeyDialog tools={tools} open={adding} onOpenChange={setAdding} />
      <RetireKeyDialog toolKey={retiring} onClose={() => setRetiring(null)} />
    </Card>
  );
}
