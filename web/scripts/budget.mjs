// 预算 How many bytes a browser has to fetch: all scripts together, and before the first chart.

import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const ALL_KB = 900
const FIRST_KB = 350
const folder = new URL('../dist/assets/', import.meta.url)
const sizes = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => ({ file, bytes: gzipSync(readFileSync(new URL(file, folder))).length }))
const kb = (list) => list.reduce((sum, one) => sum + one.bytes, 0) / 1024
const all = kb(sizes)
const first = kb(sizes.filter((one) => /^(index|HomePage|numbers)-/.test(one.file)))
process.stdout.write(`scripts, gzip: ${all.toFixed(0)} KB of ${ALL_KB}; before the first chart: ${first.toFixed(0)} KB of ${FIRST_KB}\n`)
if (all > ALL_KB || first > FIRST_KB) process.exitCode = 1
