import { Button } from '@/app/_components/ui/button';
import { Field } from '@/app/_components/ui/field';

/** Asks what another policy would make of the chains. */
export function TryForm({ keepDays }: { keepDays: number | null | undefined }) {
  return (
    <form method="get" action="/settings/retention" className="no-print flex flex-wrap items-end gap-2">
      <div className="w-64">
        <Field
          label="What if chains were kept for so many days"
          name="keepDays"
          type="number"
          min={1}
          max={36_500}
          required
          defaultValue={keepDays ?? ''}
        />
      </div>
      <Button type="submit">Show</Button>
    </form>
  );
}
