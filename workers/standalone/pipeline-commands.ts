import { attest } from '../cli/attest';
import { runCommands } from '../cli/run-commands';
import { verify } from '../cli/verify';
import { verifyBundle } from '../cli/verify-bundle';

await runCommands('sealtrail', 'Checks logs and signs what came of it, with no server', {
  verify: async () => verify(),
  attest: async () => attest(),
  'verify-bundle': async () => verifyBundle(),
});
