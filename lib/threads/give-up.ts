/** Gives up memory now, of bytes that lie alone in it and that nobody reads any more: a thread that makes few objects seldom looks for what is not needed. */
export function giveUp({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && length === buffer.byteLength) buffer.transfer(0);
}
