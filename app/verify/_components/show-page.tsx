import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { VerifyPage } from './verify-page';

/** Draws the verifier into its page. */
export function showPage(props: Parameters<typeof VerifyPage>[0]): void {
  const root = document.querySelector('main');
  if (!root) throw new Error('the page has no place for itself');
  createRoot(root).render(
    <StrictMode>
      <VerifyPage {...props} />
    </StrictMode>,
  );
}
