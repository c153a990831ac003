'use client';
import { useHasRole } from '@/app/_components/access/role';
import { BellRing, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/app/_components/ui/button';
import { Card } from '@/app/_components/ui/card';
import { Empty } from '@/app/_components/ui/empty';
import { Body, Head, HeadCell, HiddenHeadCell, Table } from '@/app/_components/ui/table';
import type { Destination } from '@/lib/schemas/notifications';
import { DeleteDialog } from './delete-dialog';
import { DestinationDialog } from './destination-dialog';
import { DestinationRow } from './destination-row';
import type { NamedRule } from './filter-fields';

/** Everybody who is told. */
export function Destinations({
  destinations,
  hasMail,
  rules,
}: {
  destinations: readonly Destination[];
  hasMail: boolean;
  rules: readonly NamedRule[];
}) {
  const [edited, setEdited] = useState<Destination | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Destination | null>(null);
  const add = useHasRole('administrator') && (
    <Button look="primary" size="sm" onClick={() => setEdited('new')}>
      <Plus size={14} aria-hidden />
      Add a destination
    </Button>
  );
  return (
    <Card title="Destinations" total={destinations.length} flush aside={destinations.length > 0 && add}>
      {destinations.length === 0 ? (
        <Empty icon={<BellRing size={20} />} title="Nobody is told yet" actions={add}>
          A webhook, a channel of Slack or addresses of mail are told of what you choose, as it happens.
        </Empty>
      ) : (
        <Table label="Destinations">
          <Head>
            <HeadCell>Name</HeadCell>
            <HeadCell>Told of</HeadCell>
            <HeadCell>State</HeadCell>
            <HiddenHeadCell>Actions</HiddenHeadCell>
          </Head>
          <Body>
            {destinations.map((destination) => (
              <DestinationRow
                key={destination.id}
                destination={destination}
                onEdit={() => setEdited(destination)}
                onDelete={() => setDeleting(destination)}
              />
            ))}
          </Body>
        </Table>
      )}
      <DestinationDialog edited={edited} onClose={() => setEdited(null)} hasMail={hasMail} rules={rules} />
      <DeleteDialog destination={deleting} onClose={() => setDeleting(null)} />
    </Card>
  );
}
