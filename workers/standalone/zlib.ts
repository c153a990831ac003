// `node:zlib` as far as it is asked for: Node before 22.15 cannot undo zstd, and says so when it has to.
import * as zlib from 'node:zlib';

export const { crc32, createGunzip } = zlib;

export const createZstdDecompress: typeof zlib.createZstdDecompress = (options) => {
  if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress(options);
  throw new Error(`Node ${process.versions.node} cannot undo zstd: unpack the file first, or take Node 22.15 or newer`);
};
