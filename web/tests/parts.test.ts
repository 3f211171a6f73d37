// 测试 Parts that need no browser: how numbers are written, addresses, the flow, the two languages.

import { describe, expect, it } from 'vitest'
import { addressOf, rowAt } from '../src/api/figures'
import type { Table } from '../src/api/types'
import { flow } from '../src/charts/flow'
import { en } from '../src/locales/en'
import { zh } from '../src/locales/zh'
import { signed, written } from '../src/numbers'

const table = (output: string, indexes: string[], rows: [string[], number][], unit = 'tce'): Table => ({
  run: 7,
  output,
  label: output,
  unit,
  indexes,
  rows: rows.map(([keys, number]) => ({ keys, number, text: '' })),
  count: rows.length,
})

describe('numbers', () => {
  it('are written with their unit, in 万 from a hundred thousand on', () => {
    expect(written(20_679_792.7, 'tCO2', true)).toEqual({ text: '2,068', unit: '万tCO2' })
    expect(written(20_679_792.7, 'tCO2', false)).toEqual({ text: '20,679,793', unit: 'tCO2' })
    expect(written(0.29267, 'tce/万元', true)).toEqual({ text: '0.2927', unit: 'tce/万元' })
    expect(written(123_456, '万kWh', true).unit).toBe('万kWh')
    expect(written(-0.00001, '1', false).text).toBe('0.0000'.replace('0.0000', '−0.0000'))
    expect(written(1612, '1', true)).toEqual({ text: '1,612', unit: '' })
    expect(signed(5.96, '%')).toBe('+5.96 %')
    expect(signed(-3, '%')).toBe('−3.00 %')
  })
})

describe('figures', () => {
  it('have the address of their run, output and keys', () => {
    const own = table('co2_town', ['side', 'town', 'year'], [[['consumption', 'T01', '2021'], 1]])
    expect(addressOf(own, own.rows[0]!)).toBe('7/co2_town[side=consumption,town=T01,year=2021]')
    expect(addressOf(table('x', [], [[[], 1]]), { keys: [], number: 1, text: '' })).toBe('7/x')
    expect(rowAt(own, { town: 'T02' })).toBeUndefined()
    expect(rowAt(own, { town: 'T01' })?.number).toBe(1)
  })
})

describe('the flow', () => {
  it('always has the statistical difference, and adds nothing up', () => {
    const drawn = flow([table('link_fuel_sector', ['fuel', 'sector', 'year'], [[['raw_coal', 'industry', '2021'], 5]])], { sector: '', town: '' })
    expect(drawn.nodes.map((node) => node.name)).toContain('difference:all')
    expect(drawn.links.map((link) => link.value)).toEqual([5])
  })
  it('draws a negative difference with its size and leaves other negative links to the table', () => {
    const rows: [string[], number][] = [[['raw_coal', '2021'], -3]]
    const drawn = flow([table('link_difference', ['fuel', 'year'], rows), table('link_transformation_export', ['fuel', 'year'], rows)], { sector: '', town: '' })
    expect(drawn.links.map((link) => [link.source, link.target, link.value])).toEqual([['fuel:raw_coal', 'difference:all', 3]])
  })
})

describe('the two languages', () => {
  it('have the same keys', () => {
    const keys = (of: object, before = ''): string[] =>
      Object.entries(of).flatMap(([key, value]) => (typeof value === 'object' ? keys(value, `${before}${key}.`) : [`${before}${key}`]))
    expect(keys(en)).toEqual(keys(zh))
  })
})
