import { buildVerifierPage } from '../../workers/verifier-page.mjs';

/** Before integration tests: the verifier page goes into evidence packages, and is there from the build on. */
export default buildVerifierPage;
