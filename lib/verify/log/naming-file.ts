import { AppError } from '../../core/errors';

/** Says of which file of several went wrong what did. */
export async function namingFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw named(file, error);
  }
}

/** The same of what is gone through piece by piece. */
export async function* eachNamingFile<T>(file: string, pieces: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (error) {
    throw named(file, error);
  }
}

function named(file: string, error: unknown): unknown {
  return error instanceof AppError
    ? new AppError(error.code, `cannot be checked whole: ${file} ${error.message}`, error.details, { cause: error })
    : error;
}
