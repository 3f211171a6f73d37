// 取数 Figures of a run, each with its address. Nothing is added up here.

import { get } from './client'
import type { Row, Run, Table } from './types'

export interface Figures {
  run: Run
  tables: Map<string, Table>
}

export type Where = Record<string, string | string[] | undefined>

function written(where: Where): string {
  return Object.entries(where)
    .filter(([, keys]) => keys !== undefined && keys.length > 0)
    .map(([index, keys]) => `${index}:${Array.isArray(keys) ? keys.join(',') : keys}`)
    .join(';')
}

/** Outputs of a calculation's current run, at some keys. */
export async function figures(
  calculation: string,
  outputs: string[],
  where: Where = {},
  limit?: number,
): Promise<Figures> {
  const query = { calculation, output: outputs.join(','), where: written(where), limit }
  const told = await get<{ run: Run; tables: Table[] }>('/figures', query)
  return { run: told.run, tables: new Map(told.tables.map((table) => [table.output, table])) }
}

export function csvAddress(run: number, output: string, where: Where = {}): string {
  const text = new URLSearchParams({ run: String(run), output, where: written(where) })
  return `/api/v1/figures.csv?${text}`
}

/** The address of a figure: `12/co2_town[side=consumption,town=T07,year=2021]`. */
export function addressOf(table: Table, row: Row): string {
  const keys = table.indexes.map((index, at) => `${index}=${row.keys[at]}`)
  return `${table.run}/${table.output}${keys.length ? `[${keys.join(',')}]` : ''}`
}

/** The row of a table at some keys; an index that is not named may have any key. */
export function rowAt(table: Table | undefined, keys: Record<string, string>): Row | undefined {
  return table?.rows.find((row) => fits(table, row, keys))
}

export function rowsAt(table: Table | undefined, keys: Record<string, string>): Row[] {
  return table?.rows.filter((row) => fits(table, row, keys)) ?? []
}

export function keyOf(table: Table, row: Row, index: string): string {
  return row.keys[table.indexes.indexOf(index)] ?? ''
}

function fits(table: Table, row: Row, keys: Record<string, string>): boolean {
  return table.indexes.every((index, at) => keys[index] === undefined || keys[index] === row.keys[at])
}
