import { Card } from '@/app/_components/ui/card';

/** When what a rule finds is no harm. */
export function Harmless({ cases }: { cases: readonly string[] }) {
  return (
    <Card title="When it may be harmless">
      {cases.length === 0 ? (
        <p className="text-muted">The rule names no such case.</p>
      ) : (
        <ul className="list-disc space-y-1 pl-4 marker:text-faint">
          {cases.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}
