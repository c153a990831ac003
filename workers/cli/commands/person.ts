import { Command } from 'commander';

/** `sealtrail person reset-second-factor`: for the administrator who lost theirs, and whom no other one can help. */
export function person(): Command {
  const reset = new Command('reset-second-factor')
    .description('take the second factor of a person away, and sign them out everywhere')
    .argument('<e-mail>', 'the address they sign in with')
    .action(async (email: string) => (await import('../person')).resetSecondFactor(email));
  return new Command('person').description('people who sign in').addCommand(reset);
}
