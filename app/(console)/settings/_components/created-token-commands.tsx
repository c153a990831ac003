import type { z } from 'zod';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import type { CreatedToken } from '@/lib/schemas/settings';

/** A token that was just made, and a command that uses it. */
export function CreatedTokenCommands({
  made: { token, scopes },
  url,
  onClose,
}: {
  made: z.infer<typeof CreatedToken>;
  url: string;
  onClose: () => void;
}) {
  const sends = scopes.includes('ingest');
  return (
    <div className="space-y-4">
      <Command label="Copy token" wrap>
        {token}
      </Command>
      <div>
        <p className="mb-1.5 text-xs text-muted">{sends ? 'Send a log with it:' : 'Read with it:'}</p>
        <Command wrap>
          {sends
            ? `curl -T audit.jsonl -H "Authorization: Bearer ${token}" \\\n  ${url}/api/v1/uploads/audit.jsonl`
            : `curl -H "Authorization: Bearer ${token}" \\\n  ${url}/api/v1/chains`}
        </Command>
      </div>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}
