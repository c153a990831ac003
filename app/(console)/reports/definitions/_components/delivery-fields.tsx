import { Link } from '@/app/_components/ui/link';
import type { Destination } from '@/lib/schemas/notifications';
import type { ReportDefinition } from '@/lib/schemas/report-definitions';
import { Check } from '@/app/_components/ui/check';

export type NamedDestination = Pick<Destination, 'id' | 'name' | 'kind' | 'isEnabled'>;

/** Who is sent each run. */
export function DeliveryFields({
  of,
  destinations,
}: {
  of: ReportDefinition | undefined;
  destinations: readonly NamedDestination[];
}) {
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-muted">Sent to; mail carries the PDF</legend>
      {destinations.length === 0 ? (
        <p className="text-sm text-muted">
          There is nobody yet. An administrator adds webhooks and addresses in{' '}
          <Link className="link" href="/settings/notifications">
            Notifications
          </Link>
          .
        </p>
      ) : (
        <div className="grid max-h-48 overflow-y-auto sm:grid-cols-2">
          {destinations.map(({ id, name, isEnabled }) => (
            <Check
              key={id}
              name="destinationIds"
              value={id}
              label={isEnabled ? name : `${name} (off)`}
              isChosen={of?.destinationIds.includes(id) ?? false}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
