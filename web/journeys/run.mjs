// 旅程 What people do in the morning, in a browser, against a server with the demonstration district.
//
// TANLIU_URL says where it is; TANLIU_BROWSER which browser. Nothing here waits for a clock: each
// step waits for what it expects to see.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const url = process.env.TANLIU_URL ?? 'http://127.0.0.1:8400/'
const browser = await chromium.launch({
  executablePath: process.env.TANLIU_BROWSER ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
})
const PASSWORD = 'tanliu-demo'
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
let passed = 0
let failed = 0

async function journey(name, user, work, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  try {
    await page.goto(url)
    if (user) await signIn(page, user)
    await work(page, context)
    assert.deepEqual(errors, [], 'errors on the page')
    passed += 1
    process.stdout.write(`ok   ${name}\n`)
  } catch (error) {
    failed += 1
    process.stdout.write(`FAIL ${name}\n${error.stack}\n`)
  }
  await context.close()
}

async function signIn(page, user) {
  await page.fill('input[name=name]', user)
  await page.fill('input[name=password]', PASSWORD)
  await page.click('button.main')
  await page.waitForSelector('main h1')
}

async function accessible(page) {
  // Through the debugger's door: the page's own policy lets no further script in.
  await page.evaluate(axe)
  // Formulas of a clause link their symbols; the rule takes a formula for one indivisible thing.
  const told = await page.evaluate(() => window.axe.run({ exclude: ['.clause'] }, { runOnly: ['wcag2a', 'wcag2aa'] }))
  const grave = told.violations.map((one) => `${one.id}: ${one.nodes.length} × ${one.help} ${one.nodes[0]?.html.slice(0, 140)}`)
  assert.deepEqual(grave, [], 'accessibility')
}

await journey('an official sees the district and opens a figure down to its factors', 'district1', async (page) => {
  const figure = page.locator('[data-testid=indicator-co2] .main button.figure')
  await figure.waitFor()
  assert.match(await figure.getAttribute('data-figure'), /^\d+\/co2_district\[side=consumption,year=2021\]$/)
  await figure.click()
  const drawer = page.locator('[data-testid=drawer]')
  await drawer.locator('.formula').first().waitFor()
  assert.match(await drawer.innerText(), /cn\/district\/panorama/)
  assert.match(await drawer.innerText(), /所依据的条款/)
  await accessible(page)
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
})

await journey('the map tells its colours by word and shape, and chooses a town for the whole page', 'district1', async (page) => {
  const tiles = page.locator('[data-testid=map] li')
  await tiles.first().waitFor()
  assert.equal(await tiles.count(), 26)
  await page.waitForFunction(() => /[●■▲◆✚] [绿蓝黄橙红]/.test(document.querySelector('[data-testid=map]')?.innerText ?? ''))
  await tiles.first().locator('button.town').click()
  await page.waitForURL(/town=T\d\d/)
  const address = page.url()
  await page.reload()
  await page.waitForSelector('[data-testid=map] li.chosen')
  assert.equal(page.url(), address)
})

await journey('every chart is a table too, and every number in it opens', 'district1', async (page) => {
  await page.locator('[data-testid=chart]').first().waitFor()
  await page.getByRole('button', { name: '看表格' }).first().click()
  const number = page.locator('table.plain td.number button.figure').first()
  await number.waitFor()
  assert.match(await number.getAttribute('data-figure'), /link_/)
})

await journey('an enterprise finds itself and no other', 'e00001', async (page) => {
  await page.goto(`${url}enterprises`)
  await page.waitForSelector('table.plain tbody tr')
  assert.equal(await page.locator('table.plain tbody tr').count(), 1)
  await page.locator('table.plain tbody a').first().click()
  await page.waitForSelector('h1')
  await page.goto(`${url}enterprises/E00002`)
  await page.waitForSelector('.refused')
})

await journey('an ended session asks for the password over the page and keeps the form', 'district1', async (page, context) => {
  await page.goto(`${url}library`)
  await page.waitForSelector('table.plain tbody tr')
  await context.clearCookies()
  await page.fill('#edited textarea', '# 不是文档')
  await page.waitForSelector('[role=dialog] input[name=password]')
  await page.fill('[role=dialog] input[name=name]', 'district1')
  await page.fill('[role=dialog] input[name=password]', PASSWORD)
  await page.click('[role=dialog] button.main')
  await page.waitForSelector('[role=dialog]', { state: 'detached' })
  assert.equal(await page.inputValue('#edited textarea'), '# 不是文档')
})

await journey('the audit trail holds', 'admin', async (page) => {
  await page.goto(`${url}audit`)
  await page.waitForSelector('.tag.good')
  assert.match(await page.innerText('.tag.good'), /链完整/)
})

await journey('the wall shows the same figures on 1920 × 1080', 'district1', async (page) => {
  await page.goto(`${url}screen`)
  await page.locator('[data-testid=indicator-co2] button.figure').first().waitFor()
  const canvas = await page.locator('.canvas').boundingBox()
  assert.ok(canvas && canvas.width <= 1441)
})

await journey('on a telephone nothing stands outside the page', 'district1', async (page) => {
  await page.locator('[data-testid=map] li').first().waitFor()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.ok(wide <= 0, `${wide} pixels too wide`)
}, { viewport: { width: 390, height: 844 } })

await browser.close()
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
