import { attest } from './cli/commands/attest';
import { backup } from './cli/commands/backup';
import { formats } from './cli/commands/formats';
import { fsck } from './cli/commands/fsck';
import { inspect } from './cli/commands/inspect';
import { person } from './cli/commands/person';
import { repair } from './cli/commands/repair';
import { report } from './cli/commands/report';
import { restore } from './cli/commands/restore';
import { sample } from './cli/commands/sample';
import { tail } from './cli/commands/tail';
import { token } from './cli/commands/token';
import { verify } from './cli/commands/verify';
import { verifyBundle } from './cli/commands/verify-bundle';
import { verifyProof } from './cli/commands/verify-proof';
import { runCommands } from './cli/run-commands';

/** Every command, in the order help shows them. Its file in workers/cli/commands/ declares it, and loads what it does when it is called. */
const COMMANDS = {
  verify,
  attest,
  inspect,
  repair,
  formats,
  token,
  person,
  fsck,
  report,
  backup,
  restore,
  tail,
  'verify-bundle': verifyBundle,
  'verify-proof': verifyProof,
  sample,
};

await runCommands('sealtrail', 'Verification, triage and signed attestation of AI-agent audit logs', COMMANDS);
