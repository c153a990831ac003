import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS } from './e2e/browser.mjs';
import { ADMIN_STATE, installation } from './e2e/installation';
import { NARROW } from './e2e/narrow';

const executablePath = process.env['SEALTRAIL_CHROMIUM'];
/** Known once global set-up has run: this file is read again in every worker. */
const baseURL = process.env['SEALTRAIL_E2E'] ? installation().url : undefined;

const FIRST_RUN = /first-run\.spec\.ts$/;
const FAULTS = /kill\.spec\.ts$/;
const SUPERVISION = /supervision\.spec\.ts$/;
const DEGRADED = /degraded\.spec\.ts$/;
const CRASH = /crash\.spec\.ts$/;
/** What takes parts away has its own turn. */
const BY_THEMSELVES = [FIRST_RUN, FAULTS, SUPERVISION, DEGRADED, CRASH];

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/installation.ts',
  outputDir: 'test-results',
  // One more than the cores there are at least: many tests wait for a code, a lease or a page to come to rest.
  workers: 3,
  // What a machine under load takes is no failure: nothing here is about how long something takes.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: {
    baseURL,
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    // A tenth of the time of every test, and thrown away when it passes: asked for when one fails that says too little.
    trace: process.env['SEALTRAIL_TRACE'] ? { mode: 'retain-on-failure', screenshots: false } : 'off',
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: [...CHROMIUM_FLAGS] },
  },
  projects: [
    { name: 'first-run', testMatch: FIRST_RUN, fullyParallel: false },
    {
      name: 'desktop',
      dependencies: ['first-run'],
      testIgnore: BY_THEMSELVES,
      grepInvert: /@mobile|@fault/,
      use: { viewport: { width: 1440, height: 900 }, storageState: ADMIN_STATE },
    },
    {
      name: 'mobile',
      dependencies: ['first-run'],
      testIgnore: BY_THEMSELVES,
      grep: /@mobile/,
      use: { ...NARROW, storageState: ADMIN_STATE },
    },
    // These kill processes: after everything that would notice.
    { name: 'faults', dependencies: ['desktop', 'mobile'], testMatch: FAULTS },
    // The next two kill only what they started themselves, and wait as long as others kill the installation under test.
    {
      name: 'crash',
      dependencies: process.env['SEALTRAIL_CRASH_KILLS'] ? ['first-run'] : ['desktop', 'mobile'],
      testMatch: CRASH,
    },
    { name: 'supervision', dependencies: ['faults'], testMatch: SUPERVISION },
    // One at a time: each kills what another would be waiting for.
    {
      name: 'faults-in-passing',
      workers: 1,
      dependencies: ['faults'],
      grep: /@fault/,
      testIgnore: BY_THEMSELVES,
    },
    // Takes the store away from everybody: by itself.
    { name: 'degraded', dependencies: ['faults-in-passing'], testMatch: DEGRADED },
  ],
});
