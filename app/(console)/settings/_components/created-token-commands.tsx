import type { z } from 'zod';
import { Button } from '@/app/_components/ui/button';
import { Command } from '@/app/_components/ui/command';
import type { CreatedToken } from '@/lib/schemas/settings';

const focus = (part: HTMLElement | null): void => part?.focus();

/** A token that was just made, and a command that uses it. Has the focus, since the button that made the token is gone. */
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
    <div ref={focus} tabIndex={-1} className="space-y-4 outline-none">
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
