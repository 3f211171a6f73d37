import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'

// The server that `npm run dev` speaks to; built pages are served by it.
const server = process.env.TANLIU_URL ?? 'http://127.0.0.1:8400'
const passed = ['/api', '/methods', '/code', '/openapi.json']

export default defineConfig({
  plugins: [vue(), Components({ resolvers: [ElementPlusResolver()], dts: 'src/components.d.ts' })],
  build: { target: 'es2022', chunkSizeWarningLimit: 900, modulePreload: { polyfill: false } },
  server: { proxy: Object.fromEntries(passed.map((path) => [path, { target: server }])) },
  test: { environment: 'happy-dom' },
})
