/** The block format of Snappy; the package brings no types. */
declare module 'snappyjs' {
  /** @throws for damaged input, and for more than `maxLength` plain bytes. */
  export function uncompress(compressed: Buffer, maxLength?: number): Buffer;
  export function compress(plain: Buffer): Buffer;
}
