import type { Command } from 'commander';
import { attest } from './cli/attest';
import { formats } from './cli/formats';
import { fsck } from './cli/fsck';
import { inspect } from './cli/inspect';
import { repair } from './cli/repair';
import { runCommands } from './cli/run-commands';
import { tail } from './cli/tail';
import { token } from './cli/token';
import { verify } from './cli/verify';
import { verifyBundle } from './cli/verify-bundle';
import { verifyProof } from './cli/verify-proof';

/** Every command, in the order help shows them. One file each in workers/cli/. */
const COMMANDS: readonly (() => Command)[] = [verify, attest, inspect, repair, formats, token, fsck, tail, verifyBundle, verifyProof];

await runCommands('sealtrail', 'Verification, triage and signed attestation of AI-agent audit logs', COMMANDS);
