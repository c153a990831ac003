import { attest } from '../cli/commands/attest';
import { runCommands } from '../cli/run-commands';
import { verify } from '../cli/commands/verify';
import { verifyBundle } from '../cli/commands/verify-bundle';

await runCommands('sealtrail', 'Checks logs and signs what came of it, with no server', {
  verify,
  attest,
  'verify-bundle': verifyBundle,
});
