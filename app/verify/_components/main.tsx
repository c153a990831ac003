import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { VerifyPage } from './verify-page';

/** This page as it was opened, byte for byte: taken before anything is added to it. */
const source = `<!doctype html>${document.documentElement.outerHTML}`;

const root = document.querySelector('main');
if (!root) throw new Error('the page has no place for itself');
createRoot(root).render(
  <StrictMode>
    <VerifyPage source={source} />
  </StrictMode>,
);
