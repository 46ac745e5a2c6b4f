import { readFileSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumLaunchOptions } from './scripts/chromium.mjs';

/** Modules of TF.js that the engine imports one by one. */
function singleModules(): string[] {
  const files = ['gradients', 'wasmBackend', 'webgpuBackend'].map((name) => `./src/engine/${name}.ts`);
  const texts = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(/'(@tensorflow\/[\w-]+\/dist\/[^']+)'/g)]);
  return [...new Set(found.map((match) => match[1] ?? ''))];
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: './vite.config.ts',
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          execArgv: ['--import', new URL('scripts/resolve-tfjs.mjs', import.meta.url).href],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: './vite.config.ts',
        // Named here so that none is discovered in the middle of a test, which would reload the page.
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-webgl',
            '@tensorflow/tfjs-backend-webgpu',
            ...singleModules(),
            'd3',
            'fflate',
            'idb-keyval',
            'modern-tar',
            'papaparse',
            'react',
            'react-dom',
            'react-dom/client',
            'valibot',
            'zustand',
          ],
          exclude: ['pure-rand'],
        },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.{ts,tsx}'],
          // A software adapter takes seconds to compile its programs.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
