import path from 'node:path';

/** The root of the installation. What starts a built program says where it is; a source knows. */
export const ROOT = process.env['SEALTRAIL_ROOT'] || path.resolve(import.meta.dirname, '..');
