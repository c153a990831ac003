import 'server-only';
import koffi from 'koffi';
import { AppError } from '../../../core/errors';
import { Memory } from './memory';

/** Functions used, with their place in CK_FUNCTION_LIST behind its version (PKCS #11 v2.40 section 3.6) and what they take: words and pointers. */
const FUNCTIONS = {
  C_Initialize: [1, 'p'],
  C_GetSlotList: [5, 'bpp'],
  C_GetTokenInfo: [7, 'wp'],
  C_OpenSession: [13, 'wwppp'],
  C_CloseSession: [14, 'w'],
  C_Login: [19, 'wwpw'],
  C_GetAttributeValue: [25, 'wwpw'],
  C_FindObjectsInit: [27, 'wpw'],
  C_FindObjects: [28, 'wpwp'],
  C_FindObjectsFinal: [29, 'w'],
  C_SignInit: [43, 'wpw'],
  C_Sign: [44, 'wpwpp'],
} as const;
type FunctionName = keyof typeof FUNCTIONS;
const TYPES: Record<string, string> = { w: 'ulong', p: 'void *', b: 'uchar' };

const OK = 0n;
const ALREADY_INITIALIZED = 0x191n;
export const ALREADY_LOGGED_IN = 0x100n;
export const PIN_REFUSED = new Set([0xa0n, 0xa1n, 0xa2n, 0xa3n, 0xa4n]);
/** What closing a session may say when it is closed already. */
export const CLOSED = new Set([0xb0n, 0xb3n, 0x30n, 0x32n]);
/** The device, its session or its network is away: another attempt in a new session may do. */
const PASSING = new Set([0x05n, 0x06n, 0x30n, 0x31n, 0x32n, 0x54n, 0xb0n, 0xb3n, 0xe0n, 0x101n]);
const NAMES = new Map([
  [0x30n, 'CKR_DEVICE_ERROR'],
  [0x32n, 'CKR_DEVICE_REMOVED'],
  [0xa0n, 'CKR_PIN_INCORRECT'],
  [0xa4n, 'CKR_PIN_LOCKED'],
  [0xb3n, 'CKR_SESSION_HANDLE_INVALID'],
  [0xe0n, 'CKR_TOKEN_NOT_PRESENT'],
  [0x70n, 'CKR_MECHANISM_INVALID'],
  [0x101n, 'CKR_USER_NOT_LOGGED_IN'],
]);
const OS_LOCKING_OK = 2;

export type Library = {
  /** Runs off the main thread. Answers its return value when `also` names it. @throws AppError SIGNING_UNAVAILABLE, SIGNING_FAILED for any other than CKR_OK. */
  call(name: FunctionName, args: readonly (number | bigint | null)[], also?: ReadonlySet<bigint>): Promise<bigint>;
};

const libraries = new Map<string, Promise<Library>>();
/** A library nobody holds is unloaded under the functions found by its list. */
const handles: unknown[] = [];

/** A token's library, loaded and initialised once a process. @throws AppError SIGNING_FAILED. */
export function loadLibrary(modulePath: string): Promise<Library> {
  let library = libraries.get(modulePath);
  if (!library) {
    library = open(modulePath);
    library.catch(() => libraries.delete(modulePath));
    libraries.set(modulePath, library);
  }
  return library;
}

async function open(modulePath: string): Promise<Library> {
  const memory = new Memory();
  try {
    const handle = load(modulePath);
    handles.push(handle);
    const library = libraryOf(functionList(handle, memory), memory);
    const noMutexes = [0, 0, 0, 0];
    await library.call(
      'C_Initialize',
      [memory.words([...noMutexes, OS_LOCKING_OK, 0])],
      new Set([ALREADY_INITIALIZED]),
    );
    return library;
  } finally {
    memory.free();
  }
}

type Handle = ReturnType<typeof koffi.load>;

function load(modulePath: string): Handle {
  try {
    return koffi.load(modulePath);
  } catch (error) {
    throw new AppError(
      'SIGNING_FAILED',
      `SEALTRAIL_SIGNER names a library that cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      { modulePath },
      { cause: error },
    );
  }
}

function functionList(handle: Handle, memory: Memory): bigint {
  const place = memory.words([0]);
  let answer: unknown;
  try {
    answer = handle.func('C_GetFunctionList', 'ulong', ['void *'])(place);
  } catch (error) {
    throw new AppError(
      'SIGNING_FAILED',
      'SEALTRAIL_SIGNER names a library that is not a PKCS#11 module',
      {},
      { cause: error },
    );
  }
  if (BigInt(String(answer)) !== OK)
    throw new AppError('SIGNING_FAILED', `the PKCS#11 token answers ${String(answer)} to C_GetFunctionList`);
  return memory.readWord(place);
}

function libraryOf(list: bigint, memory: Memory): Library {
  const callable = new Map(
    Object.entries(FUNCTIONS).map(([name, [place, takes]]) => {
      const signature = koffi.proto(
        'ulong',
        [...takes].map((letter) => TYPES[letter] ?? ''),
      );
      const call: { async: (...args: unknown[]) => void } = koffi.decode(memory.readWord(list, place), signature); // typed any; a prototype decodes to a function with its asynchronous form
      return [name, call];
    }),
  );
  return {
    async call(name, args, also = new Set()) {
      const answer = await new Promise<bigint>((resolve, reject) => {
        callable
          .get(name)
          ?.async(...args, (error: Error | null, value: number | bigint) =>
            error ? reject(error) : resolve(BigInt(value)),
          );
      });
      if (answer === OK || also.has(answer)) return answer;
      throw new AppError(
        PASSING.has(answer) ? 'SIGNING_UNAVAILABLE' : 'SIGNING_FAILED',
        `the PKCS#11 token answers ${NAMES.get(answer) ?? `0x${answer.toString(16)}`} to ${name}`,
      );
    },
  };
}
