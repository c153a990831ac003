import { runCommands } from '../cli/run-commands';
import { sample } from '../cli/commands/sample';
import { verify } from '../cli/commands/verify';
import { verifyBundle } from '../cli/commands/verify-bundle';
import { verifyProof } from '../cli/commands/verify-proof';

await runCommands(
  'sealtrail-verify.mjs',
  'Checks logs, signed statements and proofs of records, with no server and no network',
  {
    verify,
    'verify-bundle': verifyBundle,
    'verify-proof': verifyProof,
    sample,
  },
);
