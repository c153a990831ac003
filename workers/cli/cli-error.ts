/** Told to the person at the terminal as it is. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** Whether it is, or an AppError. By the name: what a command does is a program of its own, which has these classes again. */
export function isTold(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'CliError' || error.name === 'AppError');
}
