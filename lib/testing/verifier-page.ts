import { buildVerifier } from '../../workers/build.mjs';

/** Before integration tests: the verifier page goes into evidence packages, and is there from the build on. */
export default buildVerifier;
