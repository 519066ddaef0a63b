import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // The server's policy allows neither inline scripts nor data: modules, so nothing is inlined.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  worker: {
    format: 'es',
    rolldownOptions: {
      output: {
        // A browser knows a push worker by its address, and lets it speak only for what lies below it.
        entryFileNames: ({ name }) => (name === 'push-worker' ? 'push-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  // `vite` alone serves the sources beside a server that runs on its default port.
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
