import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { licenses } from './scripts/licenses.ts';

const { page, worker } = licenses('third-party-licenses.txt');

export default defineConfig({
  // Relative, so that the built folder works from any path of any static server.
  base: './',
  plugins: [react(), page],
  build: { target: 'es2022', chunkSizeWarningLimit: 2500 },
  // Only module workers can be split into chunks.
  worker: { format: 'es', plugins: () => [worker] },
});
