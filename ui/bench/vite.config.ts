import { defineConfig } from 'vite';

/** The page of figures. The shipped window is built without it. */
export default defineConfig({ root: 'bench', base: './', build: { target: 'es2022', emptyOutDir: true, rollupOptions: { input: 'bench/chart.html' } }, clearScreen: false });
