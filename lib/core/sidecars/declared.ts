import type { Hasher } from '../chain/format';
import type { ReferenceWalk } from '../chain/reference-verifier';
import type { SidecarTools, Observer, Sidecar, SignatureKey } from './sidecar';

/** One kind of file that a tool keeps beside its log. */
export type DeclaredSidecar<Kind extends string = string> = {
  readonly kind: Kind;
  /** `session file`; the tool's name is put behind it where it is not plain which tool. */
  readonly label: string;
  /** The names it has, which tell whatever is in it; or the ending its name has, which other files may have too. */
  readonly names: readonly string[] | RegExp;
  /** Of JSON Lines, it is told by its first line. */
  readonly isLines?: boolean;
  /** Whether a file is one, by its JSON; undefined for what is none. */
  isOne(json: unknown): boolean;
  /** The log it speaks of: the one in its folder; the only one there; that one, or the one it is named after; those in its folder and in the folders there. */
  readonly speaksOf: 'log-in-folder' | 'only-log' | 'log-it-is-named-after' | 'logs-below';
  /** It grows, or is made again: a newer one takes the place of the older. */
  readonly isReplaced?: boolean;
  /** A Sigstore bundle. */
  readonly isBundle?: boolean;
  /** An empty log beside it is of its format. */
  readonly tellsFormat?: boolean;
  /** It is kept elsewhere, and named when a log is checked. */
  readonly isNamed?: boolean;
  /** It may be signed with a key that is given. */
  readonly isSigned?: boolean;
  /** The key it states, an SPKI in base64, which vouches for nobody but itself. */
  statedKey?(text: string): string | null;
};

/** What a format says of the sidecar files of its log. */
export type DeclaredSidecars<Kind extends string = string> = {
  /** The likelier first: what is in a file may be taken for several. */
  readonly kinds: readonly DeclaredSidecar<Kind>[];
  /** What the tool writes, as the end of a sentence. */
  readonly files: string;
  /** Of a button by which they are added. */
  readonly action: string;
  /** With what the tool can sign what, and where the signature is: in the records, or in a file of this kind. */
  readonly signs?: {
    readonly algorithm: SignatureKey['algorithm'];
    readonly each: 'record' | 'session';
    readonly in: 'records' | Kind;
  };
  /** What there is to send besides one growing file, and the command that packs it. */
  readonly whole?: { readonly title: string; readonly text: string; readonly pack: string };
  /** What they say was in a folder and is not. */
  readonly lost?: {
    /** Why a folder with this file and no log is not merely an empty folder, in words; null when it is. */
    readonly log: { readonly file: string; words(text: string): string | null };
    /** The logs this file names that have no folder of their own beside it, in words; null when there is none. */
    readonly logs: { readonly file: string; words(text: string, folders: ReadonlySet<string>): string | null };
  };
  /** Certificates in them are checked with the public roots. */
  readonly usesRoots?: boolean;
  /** Of keys registered for all logs those that count for the log these lie beside; all when left out. */
  keysFor?(keys: readonly SignatureKey[], sidecars: readonly Sidecar[]): SignatureKey[];
  /** What the tool's own verifier says with these at hand; null when they make no difference. */
  referenceVerifier?(hasher: Hasher, sidecars: readonly Sidecar[]): ReferenceWalk | null;
  /** What watches a log for what they say of it, and for its signatures by the keys; none when neither is of use. */
  observe(tools: SidecarTools, sidecars: readonly Sidecar[], keys: readonly SignatureKey[]): Observer[];
};
