import type { Command } from 'commander';
import { runCommands } from './cli/run-commands';

/** Every command, in the order help shows them. One file each in workers/cli/, read only when it is the one that is asked for, or all are. */
const COMMANDS: Readonly<Record<string, () => Promise<() => Command>>> = {
  verify: async () => (await import('./cli/verify')).verify,
  attest: async () => (await import('./cli/attest')).attest,
  inspect: async () => (await import('./cli/inspect')).inspect,
  repair: async () => (await import('./cli/repair')).repair,
  formats: async () => (await import('./cli/formats')).formats,
  token: async () => (await import('./cli/token')).token,
  fsck: async () => (await import('./cli/fsck')).fsck,
  tail: async () => (await import('./cli/tail')).tail,
  'verify-bundle': async () => (await import('./cli/verify-bundle')).verifyBundle,
  'verify-proof': async () => (await import('./cli/verify-proof')).verifyProof,
};

const asked = process.argv[2] ?? '';
const commands = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS);
await runCommands('sealtrail', 'Verification, triage and signed attestation of AI-agent audit logs', await Promise.all(commands.flatMap((load) => (load ? [load()] : []))));
