import { fetchCode } from './fetch-code';
import { showPage } from './show-page';

/** Where what checks is fetched, and its SHA-256 as pages name it: the build puts it here. */
declare const VERIFIER_CODE: { address: string; integrity: string };

showPage({ source: null, load: () => fetchCode(VERIFIER_CODE) });
