import code from 'verifier-worker-code';
import { showPage } from './show-page';

/** This page as it was opened, byte for byte: taken before anything is added to it. */
const source = `<!doctype html>${document.documentElement.outerHTML}`;

showPage({ source, load: async () => code });
