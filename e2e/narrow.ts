import { devices } from '@playwright/test';

/** A phone. One pixel is one of the page: nothing is told by how it is drawn, and seven times as many take seven times as long. */
export const NARROW = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 };
