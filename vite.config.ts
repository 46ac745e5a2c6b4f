import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { chunks } from './scripts/chunks.ts';
import { licenses } from './scripts/licenses.ts';

const listed = licenses('third-party-licenses.txt');
const noted = chunks('.cache/chunks.json');

export default defineConfig({
  // Relative, so that the built folder works from any path of any static server.
  base: './',
  plugins: [react(), listed.page, noted.page],
  build: { target: 'es2022', chunkSizeWarningLimit: 2500 },
  // Only module workers can be split into chunks.
  worker: { format: 'es', plugins: () => [listed.worker, noted.worker] },
});
