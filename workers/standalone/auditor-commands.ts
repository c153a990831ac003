import { runCommands } from '../cli/run-commands';
import { verify } from '../cli/verify';
import { verifyBundle } from '../cli/verify-bundle';
import { verifyProof } from '../cli/verify-proof';

await runCommands(
  'sealtrail-verify.mjs',
  'Checks logs, signed statements and proofs of records, with no server and no network',
  {
    verify: async () => verify(),
    'verify-bundle': async () => verifyBundle(),
    'verify-proof': async () => verifyProof(),
  },
);
