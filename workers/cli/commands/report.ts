import { Command } from 'commander';
import { workspaceOption } from '../workspace-option';
import type { Options } from '../report';

/** `sealtrail report`: a report that is kept, derived again from evidence. */
export function report(): Command {
  return new Command('report')
    .description('list the files of a kept report with their SHA-256, or derive them again from evidence and compare')
    .argument('<id>', 'of the kept report, as its address has it')
    .addOption(workspaceOption())
    .option('--check', 'derive the files again from the evidence they rest on, and compare them byte for byte')
    .option('--json', 'with --check: one line of JSON a file')
    .addHelpText(
      'after',
      '\nExit status: 0 everything that can be derived is the same; 1 something differs; 2 it could not be done.',
    )
    .action(async (id: string, options: Options) => (await import('../report')).report(id, options));
}
