// 碳流图 The Sankey's nodes and links out of the outputs of a run. Values are figures, never sums.

import { keyOf } from '../api/figures'
import type { Row, Table } from '../api/types'

export interface FlowLink {
  source: string
  target: string
  value: number
  table: Table
  row: Row
}

export interface FlowNode {
  name: string
  kind: 'fuel' | 'transformation' | 'sector' | 'town' | 'enterprise' | 'rest' | 'difference' | 'export'
  key: string
}

export interface Chosen {
  sector: string
  town: string
}

/** How many enterprises of a town are drawn. */
export const ENTERPRISES_DRAWN = 12

const OUTPUTS = [
  'link_fuel_transformation',
  'link_fuel_sector',
  'link_transformation_sector',
  'link_transformation_export',
  'link_sector_town',
  'link_town_rest',
  'link_difference',
]

/** The outputs of one measure; the enterprises of a town are asked for apart. */
export function flowOutputs(measure: 'energy' | 'co2'): string[] {
  const suffix = measure === 'co2' ? '_co2' : ''
  const own = OUTPUTS.map((name) => name + suffix)
  return measure === 'energy' ? [...own, 'link_transformation_loss'] : own
}

export function enterpriseOutput(measure: 'energy' | 'co2'): string {
  return measure === 'co2' ? 'link_town_enterprise_co2' : 'link_town_enterprise'
}

/** In which column a node stands. */
export const DEPTHS: Record<FlowNode['kind'], number> = {
  fuel: 0,
  transformation: 1,
  difference: 1,
  sector: 2,
  export: 2,
  town: 3,
  enterprise: 4,
  rest: 4,
}

const id = (kind: FlowNode['kind'], key: string) => `${kind}:${key}`

/** Nodes and links of a year; what flows backwards or not at all is left to the table. */
export function flow(tables: Table[], chosen: Chosen): { nodes: FlowNode[]; links: FlowLink[] } {
  const links: FlowLink[] = []
  const nodes = new Map<string, FlowNode>()
  const node = (kind: FlowNode['kind'], key: string) => {
    const name = id(kind, key)
    if (!nodes.has(name)) nodes.set(name, { name, kind, key })
    return name
  }
  for (const table of tables) {
    const plain = table.output.replace(/_co2$/, '')
    for (const row of ranked(table, plain)) {
      const ends = endsOf(plain, table, row, node, chosen)
      const number = row.number ?? 0
      if (!ends || number === 0) continue
      // The difference is drawn whichever way it goes; its sign stands with the figure.
      if (number < 0 && plain !== 'link_difference') continue
      const [source, target] = ends
      links.push({ source, target, value: Math.abs(number), table, row })
    }
  }
  // The statistical difference is always there, be it nothing.
  node('difference', 'all')
  const used = new Set(links.flatMap((link) => [link.source, link.target]))
  const kept = [...nodes.values()].filter((own) => used.has(own.name) || own.kind === 'difference')
  return { nodes: kept, links }
}

function ranked(table: Table, plain: string): Row[] {
  if (plain !== 'link_town_enterprise') return table.rows
  const sorted = [...table.rows].sort((a, b) => (b.number ?? 0) - (a.number ?? 0))
  return sorted.slice(0, ENTERPRISES_DRAWN)
}

function endsOf(
  plain: string,
  table: Table,
  row: Row,
  node: (kind: FlowNode['kind'], key: string) => string,
  chosen: Chosen,
): [string, string] | null {
  const key = (index: string) => keyOf(table, row, index)
  const inSector = !chosen.sector || !table.indexes.includes('sector') || key('sector') === chosen.sector
  const inTown = !chosen.town || !table.indexes.includes('town') || key('town') === chosen.town
  if (!inSector || !inTown) return null
  switch (plain) {
    case 'link_fuel_transformation':
      return [node('fuel', key('fuel')), node('transformation', 'all')]
    case 'link_fuel_sector':
      return [node('fuel', key('fuel')), node('sector', key('sector'))]
    case 'link_transformation_sector':
    case 'link_transformation_loss':
      return [node('transformation', 'all'), node('sector', key('sector'))]
    case 'link_transformation_export':
      return [node('transformation', 'all'), node('export', 'all')]
    case 'link_sector_town':
      return [node('sector', key('sector')), node('town', key('town'))]
    case 'link_town_rest':
      return chosen.town ? [node('town', key('town')), node('rest', 'all')] : null
    case 'link_town_enterprise':
      return chosen.town ? [node('town', chosen.town), node('enterprise', key('enterprise'))] : null
    case 'link_difference':
      return [node('fuel', key('fuel')), node('difference', 'all')]
    default:
      return null
  }
}
