import { Buffer } from 'buffer';
import { config } from 'zod';

// What `@sigstore` expects to find without importing it.
Object.assign(globalThis, { Buffer });
// The page's policy lets no text be run as code; zod need not try.
config({ jitless: true });
